package dev.belay.flow.run;

import dev.belay.flow.BackendView;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Plan;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.plan.PlanFile;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What can be seen of runs: of those that are carried out here as they are at this moment. */
final class Views {
  private final RunStore store;
  private final Parts parts;

  Views(RunStore store, Parts parts) {
    this.store = store;
    this.parts = parts;
  }

  /**
   * All that is known of a run.
   *
   * @param there the run, if it is carried out here
   */
  Optional<RunView> of(String run, Optional<ActiveRun> there) {
    Optional<RunStatus> status = there.map(ActiveRun::status).or(() -> store.run(run));
    if (status.isEmpty()) {
      return Optional.empty();
    }
    long sequence = there.map(one -> one.feed().sequence()).orElse(0L);
    if (there.isPresent()) {
      parts.journal().commit(List.of()); // what was told by that number is in the store then
    }
    Plan plan = there.map(ActiveRun::plan).orElseGet(() -> planOf(run));
    List<TaskStatus> tasks = there.map(ActiveRun::tasks).orElseGet(() -> stored(run, plan));
    Set<String> accounts = new LinkedHashSet<>();
    plan.backends().values().forEach(backend -> accounts.add(backend.account()));
    List<Cooldown> cooldowns =
        parts.cooldowns().all().stream().filter(one -> accounts.contains(one.account())).toList();
    List<BackendView> breakers =
        there.isEmpty()
            ? List.of()
            : plan.backends().values().stream().map(parts.fleet()::view).toList();
    return Optional.of(
        new RunView(
            sequence,
            status.get(),
            plan,
            tasks,
            store.attempts(run),
            store.questions(run),
            cooldowns,
            breakers));
  }

  /** How many tasks are in which state; of runs that are carried out here as they are now. */
  Map<String, Map<TaskState, Integer>> tallies(
      List<String> runs, Function<String, Optional<ActiveRun>> here) {
    Map<String, Map<TaskState, Integer>> tallies = new HashMap<>(store.tallies(runs));
    for (String run : runs) {
      here.apply(run).ifPresent(there -> tallies.put(run, tally(there.tasks())));
    }
    return tallies;
  }

  private static Map<TaskState, Integer> tally(List<TaskStatus> tasks) {
    Map<TaskState, Integer> tally = new EnumMap<>(TaskState.class);
    tasks.forEach(task -> tally.merge(task.state(), 1, Integer::sum));
    return tally;
  }

  /** The plan of a run as it was submitted. */
  Plan planOf(String run) {
    return PlanFile.read(store.plan(run).orElseThrow(), run, Path.of("."));
  }

  private List<TaskStatus> stored(String run, Plan plan) {
    Map<String, TaskStatus> known = new HashMap<>();
    store.tasks(run).forEach(task -> known.put(task.task(), task));
    return plan.tasks().keySet().stream()
        .map(id -> known.getOrDefault(id, TaskStatus.waiting(run, id)))
        .toList();
  }

  /** What a step of a task came to; of its last step if {@code step} is below 0. */
  Optional<String> result(String run, String task, int step) {
    if (step >= 0) {
      return store.result(run, task, step).map(TaskResult::text);
    }
    Optional<String> last = Optional.empty();
    int at = 0;
    Optional<TaskResult> next = store.result(run, task, at);
    while (next.isPresent()) {
      last = next.map(TaskResult::text);
      next = store.result(run, task, ++at);
    }
    return last;
  }
}
