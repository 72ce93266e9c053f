package dev.belay.flow.run;

import dev.belay.flow.FailureMode;
import dev.belay.flow.Message;
import dev.belay.flow.Question;
import dev.belay.flow.Role;
import dev.belay.flow.RunEvent.Kind;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Task;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.Workflow;
import dev.belay.flow.backend.AgentReply;
import dev.belay.flow.run.Answers.Judgement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does one task from its beginning, or from where it was left, to its end: the steps of its
 * workflow, the questions of its agents, and the merge of what they wrote. For the thread of the
 * task.
 */
final class TaskRun {
  private static final int JUDGEMENTS = 3;

  private final TaskDesk desk;
  private final ActiveRun run;
  private final Task task;
  private final List<Workflow.Step> steps;
  private final Map<Integer, String> results = new HashMap<>();
  private final List<Question> asked = new ArrayList<>();
  private final List<SessionNote> sessions;
  private final StepRun.Numbers numbers;

  /** What was known of a task before. */
  record Before(
      List<TaskResult> results,
      List<Question> questions,
      List<SessionNote> sessions,
      int attempts) {
    static final Before NOTHING = new Before(List.of(), List.of(), List.of(), 0);
  }

  TaskRun(ActiveRun run, Task task, TaskStatus status, Before before) {
    this.run = run;
    this.task = task;
    this.desk = new TaskDesk(run, task, status);
    this.steps = run.plan().steps(task);
    before.results().forEach(result -> results.put(result.step(), result.text()));
    this.asked.addAll(before.questions());
    this.sessions = before.sessions();
    this.numbers = new StepRun.Numbers(before.attempts());
  }

  /** Runs to the end of the task, or to that of the process. */
  @SuppressWarnings("try") // files are held, not used
  void run() {
    Optional<Workspace.Place> place = Optional.empty();
    try (FileClaim claim = run.claim(desk)) {
      place = Optional.of(run.workspace().open(desk.status()));
      Workspace.Place here = place.get();
      desk.note(status -> status.on(here.branch()));
      goThrough(here.directory());
      merge(here);
    } catch (StepFailed failed) {
      fail(place, String.valueOf(failed.getMessage()));
    } catch (InterruptedException stopped) {
      stop(place);
    } catch (Journal.JournalFailed failing) {
      run.giveUp(failing);
    } catch (RuntimeException broken) {
      run.logFault(task, broken);
      fail(place, "Belay itself failed: " + broken);
    }
  }

  private void goThrough(Path directory) throws StepFailed, InterruptedException {
    int judgements = 0;
    while (desk.status().step() < steps.size()) {
      int at = desk.status().step();
      Workflow.Step step = steps.get(at);
      String text = askFor(at, step, directory);
      results.put(at, text);
      int next = at + 1;
      int round = desk.status().round();
      if (step.back().isPresent()) {
        Optional<Judgement> judgement = Answers.judgement(text);
        if (judgement.isEmpty()) {
          if (++judgements >= JUDGEMENTS) {
            throw new StepFailed(
                "%s gave no verdict; its answer has to end with VERDICT: APPROVE or VERDICT:"
                        .formatted(step.role())
                    + " CHANGES");
          }
          continue;
        }
        if (judgement.get() == Judgement.CHANGES) {
          if (round >= step.back().get().rounds()) {
            throw new StepFailed(
                "%s still asks for changes after %d rounds: %s"
                    .formatted(step.role(), round, shown(text)));
          }
          next = step.back().get().to();
          round++;
        }
      }
      int reached = next;
      int rounds = round;
      desk.commit(
          List.of(
              new TaskResult(desk.status().run(), task.id(), at, text), message(step.role(), text)),
          status -> status.at(reached, rounds));
    }
  }

  private static String shown(String text) {
    String line = text.strip().replace('\n', ' ');
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }

  private String askFor(int at, Workflow.Step step, Path directory)
      throws StepFailed, InterruptedException {
    Role role = run.plan().role(step.role());
    StepRun asking = new StepRun(desk, at, role, directory, sessionsOf(at), numbers);
    String prompt = prompt(at, step);
    run.note(message("user", prompt));
    AgentReply reply = asking.ask(prompt);
    Optional<String> question = question(role, reply);
    while (question.isPresent()) {
      String answer = answerTo(question.get(), directory);
      String told = "You asked: %s%nThe answer: %s%n%n".formatted(question.get(), answer);
      String next = reply.session().isPresent() ? told + "Go on." : told + prompt;
      run.note(message("user", next));
      reply = asking.ask(next);
      question = question(role, reply);
    }
    return reply.text();
  }

  private Map<String, String> sessionsOf(int step) {
    Map<String, String> known = new HashMap<>();
    sessions.stream()
        .filter(note -> note.step() == step)
        .forEach(note -> known.put(note.backend(), note.session()));
    return known;
  }

  private String prompt(int at, Workflow.Step step) {
    Prompts.Results known = run.resultsFor(task, Optional.ofNullable(results.get(at - 1)));
    String mine = Prompts.filled(task.prompt(), known);
    String text;
    if (!step.prompt().isEmpty()) {
      text = Prompts.filled(step.prompt().replace("{{task}}", task.prompt()), known);
    } else if (at == 0) {
      text = mine;
    } else {
      text =
          "The task was:%n%s%n%nThe result of the step before:%n%s%n%nDo your part as %s."
              .formatted(
                  mine,
                  Prompts.shortened(results.getOrDefault(at - 1, ""), Optional.empty()),
                  step.role());
    }
    Optional<String> wanted = changesWanted(at);
    String all =
        wanted.isEmpty()
            ? text
            : "%s%n%nChanges are asked for. Make them:%n%s".formatted(text, wanted.get());
    return step.back().isPresent() ? all + Answers.HOW_TO_JUDGE : all;
  }

  /** What the step that came back here wants to be different. */
  private Optional<String> changesWanted(int at) {
    if (desk.status().round() == 0) {
      return Optional.empty();
    }
    for (int from = at + 1; from < steps.size(); from++) {
      Optional<Workflow.Loop> back = steps.get(from).back();
      if (back.isPresent() && back.get().to() == at && results.containsKey(from)) {
        return Optional.of(Prompts.shortened(results.getOrDefault(from, ""), Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> question(Role role, AgentReply reply) {
    boolean mayAsk = run.means().endpoints(role).stream().anyMatch(AgentEndpoint::isAgent);
    return mayAsk && run.plan().questions().most() > 0
        ? Answers.question(reply.text())
        : Optional.empty();
  }

  private String answerTo(String text, Path directory) throws StepFailed, InterruptedException {
    Optional<Question> before =
        asked.stream().filter(question -> question.text().equals(text)).findFirst();
    if (before.isPresent() && before.get().answer().isPresent()) {
      return before.get().answer().get();
    }
    if (asked.size() >= run.plan().questions().most() && before.isEmpty()) {
      throw new StepFailed(
          "asks more than %d questions, the last: %s"
              .formatted(run.plan().questions().most(), shown(text)));
    }
    Question question =
        before.orElseGet(() ->
            new Question(
                desk.status().run(),
                task.id(),
                asked.size() + 1,
                text,
                run.parts().time().instant(),
                Optional.empty(),
                ""));
    asked.removeIf(known -> known.number() == question.number());
    run.answers().asked(question); // first, for who sees the task asking may answer at once
    desk.commit(List.of(question), status -> status.in(TaskState.ASKING, "asks: " + shown(text)));
    Optional<String> role = run.plan().questions().role();
    String answer =
        role.isPresent()
            ? answerByRole(run.plan().role(role.get()), question, directory)
            : run.answers().await(question);
    asked.add(question.answered(answer, role.orElse("user")));
    return answer;
  }

  private String answerByRole(Role role, Question question, Path directory)
      throws StepFailed, InterruptedException {
    StepRun asking = new StepRun(desk, -1, role, directory, Map.of(), numbers);
    String prompt =
        "An agent works on this task:%n%s%n%nIt asks:%n%s%n%nAnswer briefly."
            .formatted(task.prompt(), question.text());
    String answer = asking.ask(prompt).text();
    run.commit(List.of(question.answered(answer, role.name())));
    return answer;
  }

  private Message message(String from, String text) {
    return new Message(desk.status().run(), task.id(), from, text, run.parts().time().instant());
  }

  private void merge(Workspace.Place place) throws InterruptedException {
    if (!place.branch().isEmpty()) {
      desk.commit(List.of(), status -> status.in(TaskState.MERGING, "on " + place.branch()));
    }
    Workspace.Merged merged = run.workspace().finish(desk.status(), place);
    switch (merged) {
      case Workspace.Merged.Clean(String text) -> {
        if (!text.isEmpty()) {
          run.publish(Kind.MERGE, task.id(), text);
        }
        run.finished(desk, TaskState.COMPLETED, text);
      }
      case Workspace.Merged.Conflict(String text) -> {
        run.publish(Kind.MERGE, task.id(), text);
        run.finished(desk, TaskState.FAILED, text);
      }
    }
  }

  private void fail(Optional<Workspace.Place> place, String why) {
    boolean skipped = task.failure() == FailureMode.SKIP;
    finish(skipped ? TaskState.SKIPPED : TaskState.FAILED, why + kept(place));
  }

  /** Where that is what it wrote so far. */
  private String kept(Optional<Workspace.Place> place) {
    if (place.isEmpty()) {
      return "";
    }
    try {
      return run.workspace().keep(desk.status(), place.get()).map(at -> "; " + at).orElse("");
    } catch (InterruptedException | RuntimeException broken) {
      return "; what it wrote is left in " + place.get().directory();
    }
  }

  private void stop(Optional<Workspace.Place> place) {
    if (run.isStopping()) {
      try {
        desk.commit(List.of(), status -> status.in(TaskState.WAITING, "interrupted"));
      } catch (Journal.JournalFailed failing) {
        run.giveUp(failing);
      }
      run.left();
      return;
    }
    finish(TaskState.CANCELLED, "cancelled" + kept(place));
  }

  private void finish(TaskState end, String why) {
    try {
      run.finished(desk, end, why);
    } catch (Journal.JournalFailed failing) {
      run.giveUp(failing);
    }
  }
}
