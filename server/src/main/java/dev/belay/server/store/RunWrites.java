package dev.belay.server.store;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Change;
import dev.belay.flow.Message;
import dev.belay.flow.Question;
import dev.belay.flow.RunStatus;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Spend;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskStatus;
import dev.belay.server.live.Jsons;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Changes of runs as rows, sorted by table and in order within each: many changes are few
 * statements. For one transaction.
 */
final class RunWrites {
  private static final String RUN =
      """
      update belay_runs set name = ?, state = ?, why = ?, directory = ?, started = ?, ended = ?,
        cost = ?, input_tokens = ?, output_tokens = ?
      where run = ?
      """;

  private static final String TASK =
      """
      insert into belay_run_tasks (run, task, state, why, outcome, attempts, step, round,
        until_time, cost, input_tokens, output_tokens, branch, started, ended)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (run, task) do update set state = excluded.state, why = excluded.why,
        outcome = excluded.outcome, attempts = excluded.attempts, step = excluded.step,
        round = excluded.round, until_time = excluded.until_time, cost = excluded.cost,
        input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
        branch = excluded.branch, started = excluded.started, ended = excluded.ended
      """;

  private static final String ATTEMPT =
      """
      insert into belay_run_attempts (run, task, number, step, round, backend, account, started,
        ended, outcome, message, cost, input_tokens, output_tokens, session)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (run, task, number) do update set step = excluded.step, round = excluded.round,
        backend = excluded.backend, account = excluded.account, started = excluded.started,
        ended = excluded.ended, outcome = excluded.outcome, message = excluded.message,
        cost = excluded.cost, input_tokens = excluded.input_tokens,
        output_tokens = excluded.output_tokens, session = excluded.session
      """;

  private static final String RESULT =
      """
      insert into belay_run_results (run, task, step, result) values (?, ?, ?, ?)
      on conflict (run, task, step) do update set result = excluded.result
      """;

  private static final String SESSION =
      """
      insert into belay_run_sessions (run, task, step, backend, session) values (?, ?, ?, ?, ?)
      on conflict (run, task, step, backend) do update set session = excluded.session
      """;

  private static final String MESSAGE =
      """
      insert into belay_run_messages (run, task, place, speaker, message, at)
      values (?, ?, ?, ?, ?, ?)
      """;

  private static final String QUESTION =
      """
      insert into belay_run_questions (run, task, number, question, asked, answer, answered_by)
      values (?, ?, ?, ?, ?, ?, ?)
      on conflict (run, task, number) do update set question = excluded.question,
        asked = excluded.asked, answer = excluded.answer, answered_by = excluded.answered_by
      """;

  private final Handle handle;
  private final Map<String, List<@Nullable Object[]>> batches = new LinkedHashMap<>();
  private final Map<String, Long> places = new LinkedHashMap<>();

  RunWrites(Handle handle) {
    this.handle = handle;
  }

  /**
   * Holds on to the row of a run until the transaction is over, so that nobody else adds to it or
   * forgets it meanwhile.
   *
   * @param more how many things will be added to it
   * @return false if it is not there
   */
  boolean hold(String run, long more) {
    String id = text(run);
    if (handle.execute("update belay_runs set said = said + ? where run = ?", more, id) == 0) {
      return false;
    }
    long said =
        handle.select("select said from belay_runs where run = ?", id).mapTo(Long.class).one();
    places.put(run, said - more);
    return true;
  }

  /** Where the next thing that is added to a run goes. */
  long place(String run) {
    return places.merge(run, 1L, Long::sum);
  }

  /** Writes changes of runs that are held. */
  void write(List<? extends Change> changes) {
    changes.forEach(this::add);
    batches.forEach((statement, rows) -> {
      PreparedBatch batch = handle.prepareBatch(statement);
      rows.forEach(batch::add);
      batch.execute();
    });
    batches.clear();
  }

  private void row(String statement, @Nullable Object... values) {
    batches.computeIfAbsent(statement, none -> new ArrayList<>()).add(values);
  }

  private void add(Change change) {
    String run = text(change.run());
    String task = text(change.task());
    switch (change) {
      case RunStatus one -> add(one, run);
      case TaskStatus one -> add(one, run, task);
      case AttemptStatus one -> add(one, run, task);
      case TaskResult one -> row(RESULT, run, task, one.step(), text(one.text()));
      case SessionNote one ->
          row(SESSION, run, task, one.step(), text(one.backend()), text(one.session()));
      case Message one ->
          row(
              MESSAGE,
              run,
              task,
              place(one.run()),
              text(one.from()),
              text(one.text()),
              nanos(one.at()));
      case Question one ->
          row(
              QUESTION,
              run,
              task,
              one.number(),
              text(one.text()),
              nanos(one.asked()),
              one.answer().isPresent() ? text(one.answer().get()) : null,
              text(one.by()));
    }
  }

  private void add(RunStatus status, String run) {
    Spend spend = status.spend();
    row(
        RUN,
        text(status.name()),
        Jsons.word(status.state()),
        text(status.why()),
        text(status.directory()),
        nanos(status.started()),
        nanos(status.ended()),
        spend.cost(),
        spend.inputTokens(),
        spend.outputTokens(),
        run);
  }

  private void add(TaskStatus status, String run, String task) {
    Spend spend = status.spend();
    row(
        TASK,
        run,
        task,
        Jsons.word(status.state()),
        text(status.why()),
        word(status.outcome()),
        status.attempts(),
        status.step(),
        status.round(),
        nanos(status.until()),
        spend.cost(),
        spend.inputTokens(),
        spend.outputTokens(),
        text(status.branch()),
        nanos(status.started()),
        nanos(status.ended()));
  }

  private void add(AttemptStatus status, String run, String task) {
    Spend spend = status.spend();
    row(
        ATTEMPT,
        run,
        task,
        status.number(),
        status.step(),
        status.round(),
        text(status.backend()),
        text(status.account()),
        nanos(status.started()),
        nanos(status.ended()),
        word(status.outcome()),
        text(status.message()),
        spend.cost(),
        spend.inputTokens(),
        spend.outputTokens(),
        text(status.session()));
  }

  private static @Nullable String word(Optional<? extends Enum<?>> constant) {
    return constant.isPresent() ? Jsons.word(constant.get()) : null;
  }

  private static @Nullable Long nanos(Optional<Instant> moment) {
    return moment.isPresent() ? nanos(moment.get()) : null;
  }

  /** From 1677 to 2262; what is beyond becomes the nearest. */
  static long nanos(Instant moment) {
    try {
      return Math.addExact(
          Math.multiplyExact(moment.getEpochSecond(), 1_000_000_000L), moment.getNano());
    } catch (ArithmeticException beyond) {
      return moment.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /**
   * A text that any database takes. Agents do say NULs and halves of characters, and a run must not
   * end because of one: they become marks.
   */
  static String text(String any) {
    String whole = new String(any.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    return whole.indexOf('\0') < 0 ? whole : whole.replace('\0', '\ufffd');
  }
}
