package dev.belay.flow.run;

import static java.util.stream.Collectors.groupingBy;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Plan;
import dev.belay.flow.Question;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Task;
import dev.belay.flow.TaskResult;
import dev.belay.flow.journal.RunStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known of the tasks of a run that is taken up again. Immutable. */
final class Memory {
  /** Nothing. */
  static final Memory EMPTY = new Memory(Map.of());

  private final Map<String, TaskRun.Before> tasks;

  private Memory(Map<String, TaskRun.Before> tasks) {
    this.tasks = tasks;
  }

  static Memory of(RunStore store, String run, Plan plan) {
    Map<String, List<AttemptStatus>> attempts =
        store.attempts(run).stream().collect(groupingBy(AttemptStatus::task));
    Map<String, List<Question>> questions =
        store.questions(run).stream().collect(groupingBy(Question::task));
    Map<String, List<SessionNote>> sessions =
        store.sessions(run).stream().collect(groupingBy(SessionNote::task));
    Map<String, TaskRun.Before> tasks = new HashMap<>();
    attempts.forEach((id, made) -> {
      Task task = plan.tasks().get(id);
      if (task != null) {
        tasks.put(
            id,
            new TaskRun.Before(
                results(store, run, task, plan),
                questions.getOrDefault(id, List.of()),
                sessions.getOrDefault(id, List.of()),
                made.stream().mapToInt(AttemptStatus::number).max().orElse(0)));
      }
    });
    return new Memory(tasks);
  }

  private static List<TaskResult> results(RunStore store, String run, Task task, Plan plan) {
    int steps = plan.steps(task).size();
    List<TaskResult> results = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      store.result(run, task.id(), step).ifPresent(results::add);
    }
    return results;
  }

  TaskRun.Before of(String task) {
    return tasks.getOrDefault(task, TaskRun.Before.NOTHING);
  }
}
