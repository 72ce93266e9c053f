package dev.belay.server.api;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.BackendView;
import dev.belay.flow.Change;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Message;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Question;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Spend;
import dev.belay.flow.Task;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.live.Jsons;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs as the API shows them. Of a backend only what tells it apart: its command, its arguments and
 * its variables may hold secrets.
 */
final class RunJson {
  private static final int LONGEST_MESSAGE = 2_000;

  private RunJson() {}

  /** A run without what belongs to it. */
  static JsonObject run(RunStatus run) {
    return new JsonObject()
        .put("run", run.run())
        .put("name", plain(run.name()))
        .put("state", Jsons.word(run.state()))
        .put("why", plain(run.why()))
        .put("directory", plain(run.directory()))
        .put("started", run.started().toString())
        .put("ended", time(run.ended()))
        .put("spend", spend(run.spend()));
  }

  /** A run, and how many of its tasks are in which state. */
  static JsonObject run(RunStatus run, Map<TaskState, Integer> tally) {
    JsonObject tasks = new JsonObject();
    tally.forEach((state, count) -> tasks.put(Jsons.word(state), count));
    return run(run).put("tasks", tasks);
  }

  /** A run with all that belongs to it. */
  static JsonObject view(RunView view, Instant now) {
    Map<String, BackendView> breakers =
        view.breakers().stream().collect(Collectors.toMap(BackendView::name, Function.identity()));
    return new JsonObject()
        .put("sequence", view.sequence())
        .put("run", run(view.run()))
        .put("tasks", list(view.tasks(), one -> task(view.plan().task(one.task()), one)))
        .put("attempts", list(view.attempts(), RunJson::attempt))
        .put("questions", list(view.questions(), RunJson::question))
        .put("cooldowns", list(view.cooldowns(), one -> cooldown(one, now)))
        .put(
            "backends",
            list(
                List.copyOf(view.plan().backends().values()),
                one -> backend(one, Optional.ofNullable(breakers.get(one.name())))));
  }

  static <T> JsonArray list(List<T> all, Function<T, JsonObject> form) {
    return new JsonArray(all.stream().map(form).toList());
  }

  private static JsonObject task(Task task, TaskStatus status) {
    return task(status)
        .put("role", task.role())
        .put("workflow", task.workflow().orElse(null))
        .put("needs", new JsonArray(task.needs()))
        .put("failure", Jsons.word(task.failure()))
        .put("priority", task.priority());
  }

  private static JsonObject task(TaskStatus status) {
    return new JsonObject()
        .put("task", status.task())
        .put("state", Jsons.word(status.state()))
        .put("why", plain(status.why()))
        .put("outcome", outcome(status.outcome()))
        .put("attempts", status.attempts())
        .put("step", status.step())
        .put("round", status.round())
        .put("until", time(status.until()))
        .put("spend", spend(status.spend()))
        .put("branch", plain(status.branch()))
        .put("started", time(status.started()))
        .put("ended", time(status.ended()));
  }

  private static JsonObject attempt(AttemptStatus attempt) {
    return new JsonObject()
        .put("task", attempt.task())
        .put("number", attempt.number())
        .put("step", attempt.step())
        .put("round", attempt.round())
        .put("backend", attempt.backend())
        .put("account", plain(attempt.account()))
        .put("started", attempt.started().toString())
        .put("ended", time(attempt.ended()))
        .put("outcome", outcome(attempt.outcome()))
        .put("message", plain(attempt.message()))
        .put("spend", spend(attempt.spend()))
        .put("session", plain(attempt.session()));
  }

  private static JsonObject question(Question question) {
    return new JsonObject()
        .put("task", question.task())
        .put("number", question.number())
        .put("text", plain(question.text()))
        .put("asked", question.asked().toString())
        .put("answer", question.answer().map(RunJson::plain).orElse(null))
        .put("by", plain(question.by()));
  }

  static JsonObject cooldown(Cooldown cooldown, Instant now) {
    return new JsonObject()
        .put("account", plain(cooldown.account()))
        .put("until", cooldown.until().toString())
        .put("seconds_left", seconds(Duration.between(now, cooldown.until())))
        .put("reason", plain(cooldown.reason()))
        .put("source", plain(cooldown.source()));
  }

  private static JsonObject backend(BackendSettings settings, Optional<BackendView> view) {
    return new JsonObject()
        .put("backend", settings.name())
        .put("type", settings.type())
        .put("account", plain(settings.account()))
        .put("breaker", view.map(BackendView::breaker).orElse(null))
        .put("seconds_until_test", view.map(one -> seconds(one.untilTest())).orElse(null))
        .put("running", view.map(BackendView::running).orElse(0))
        .put("most", view.map(BackendView::most).orElse(settings.concurrency()));
  }

  /** Something that happened; a long message is cut, and of a result only its length is told. */
  static JsonObject event(RunEvent event) {
    return new JsonObject()
        .put("sequence", event.sequence())
        .put("at", event.at().toString())
        .put("kind", Jsons.word(event.kind()))
        .put("run", event.run())
        .put("task", event.task())
        .put("text", plain(event.text()))
        .put("change", event.change().map(RunJson::change).orElse(null));
  }

  private static JsonObject change(Change change) {
    return switch (change) {
      case RunStatus run -> run(run).put("type", "run");
      case TaskStatus task -> task(task).put("type", "task");
      case AttemptStatus attempt -> attempt(attempt).put("type", "attempt");
      case Question question -> question(question).put("type", "question");
      case TaskResult result ->
          new JsonObject()
              .put("type", "result")
              .put("task", result.task())
              .put("step", result.step())
              .put("characters", result.text().length());
      case SessionNote note ->
          new JsonObject()
              .put("type", "session")
              .put("task", note.task())
              .put("step", note.step())
              .put("backend", note.backend())
              .put("session", plain(note.session()));
      case Message message ->
          new JsonObject()
              .put("type", "message")
              .put("task", message.task())
              .put("from", plain(message.from()))
              .put("text", excerpt(message.text()))
              .put("at", message.at().toString());
    };
  }

  private static String excerpt(String text) {
    return text.length() <= LONGEST_MESSAGE
        ? plain(text)
        : plain(text.substring(0, LONGEST_MESSAGE)) + "…";
  }

  private static JsonObject spend(Spend spend) {
    return new JsonObject()
        .put("cost", spend.cost())
        .put("input_tokens", spend.inputTokens())
        .put("output_tokens", spend.outputTokens());
  }

  private static @Nullable String time(Optional<Instant> moment) {
    return moment.map(Instant::toString).orElse(null);
  }

  private static @Nullable String outcome(Optional<OutcomeClass> outcome) {
    return outcome.map(Jsons::word).orElse(null);
  }

  private static double seconds(Duration length) {
    return Math.max(0, Jsons.seconds(length));
  }

  /** Without halves of characters, which agents do bring and no encoding has. */
  static String plain(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
