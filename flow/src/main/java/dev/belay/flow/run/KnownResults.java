package dev.belay.flow.run;

import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.util.Locale;
import java.util.Optional;

/** The results that a task can see: of those that it needs, and of its own step before. */
final class KnownResults implements Prompts.Results {
  private static final String PREVIOUS = "previous";

  private final ActiveRun run;
  private final Task task;
  private final Optional<String> previous;

  KnownResults(ActiveRun run, Task task, Optional<String> previous) {
    this.run = run;
    this.task = task;
    this.previous = previous;
  }

  private Optional<TaskStatus> needed(String id) {
    return task.needs().contains(id) ? Optional.of(run.task(id)) : Optional.empty();
  }

  @Override
  public Optional<String> text(String id) {
    if (id.equals(PREVIOUS)) {
      return previous;
    }
    return needed(id).map(this::textOf);
  }

  private String textOf(TaskStatus status) {
    if (status.state() != TaskState.COMPLETED) {
      return "(%s has no result: %s)".formatted(status.task(), status.why());
    }
    return run.resultOf(status.task()).orElse("").strip();
  }

  @Override
  public Optional<String> file(String id) {
    boolean done = needed(id).map(one -> one.state() == TaskState.COMPLETED).orElse(false);
    return done
        ? run.resultOf(id).map(text -> run.parts().files().result(run.id(), id, text).toString())
        : Optional.empty();
  }

  @Override
  public Optional<String> status(String id) {
    return needed(id).map(status -> status.state().name().toLowerCase(Locale.ROOT));
  }
}
