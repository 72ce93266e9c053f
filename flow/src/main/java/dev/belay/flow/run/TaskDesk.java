package dev.belay.flow.run;

import dev.belay.flow.Change;
import dev.belay.flow.Plan;
import dev.belay.flow.Task;
import dev.belay.flow.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Where one task stands, and how that is told and remembered. For the thread of the task. */
final class TaskDesk {
  private final ActiveRun run;
  private final Task task;
  private TaskStatus status;

  TaskDesk(ActiveRun run, Task task, TaskStatus status) {
    this.run = run;
    this.task = task;
    this.status = status;
  }

  ActiveRun run() {
    return run;
  }

  Plan plan() {
    return run.plan();
  }

  Task task() {
    return task;
  }

  TaskStatus status() {
    return status;
  }

  /** It stands elsewhere now; a crash in the next moment may forget that. */
  void note(UnaryOperator<TaskStatus> step) {
    status = step.apply(status);
    run.note(status);
  }

  /** It stands elsewhere now, and that is not forgotten; nor are the changes before it. */
  void commit(List<? extends Change> before, UnaryOperator<TaskStatus> step) {
    status = step.apply(status);
    List<Change> all = new ArrayList<>(before);
    all.add(status);
    run.commit(all);
  }
}
