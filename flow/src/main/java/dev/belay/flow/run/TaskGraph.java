package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.flow.FailureMode;
import dev.belay.flow.Plan;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How the tasks of a run stand, and what follows for those that need them: which are ready, which
 * cannot run any more. Knows no threads and starts nothing. Safe for any number of threads.
 */
final class TaskGraph {
  private final String run;
  private final Plan plan;
  private final Map<String, TaskStatus> statuses = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** How many needs of a task are not over yet. */
  @GuardedBy("lock")
  private final Map<String, Integer> open = new HashMap<>();

  /** How many tasks are not over yet. */
  @GuardedBy("lock")
  private int left;

  TaskGraph(String run, Plan plan, List<TaskStatus> tasks) {
    this.run = run;
    this.plan = plan;
    tasks.forEach(task -> statuses.put(task.task(), task));
  }

  /**
   * What stopped the tasks of an earlier moment, and what can begin now.
   *
   * @param hindering tasks that are over and hinder others, for which that may not be written yet
   * @param ready tasks that need nothing more
   */
  record Beginning(List<String> hindering, List<String> ready) {}

  Beginning begin() {
    List<String> ready = new ArrayList<>();
    List<String> hindering = new ArrayList<>();
    lock.lock();
    try {
      for (String task : plan.order()) {
        if (isOver(task)) {
          if (hinders(task)) {
            hindering.add(task);
          }
          continue;
        }
        left++;
        int needs = (int) plan.task(task).needs().stream().filter(need -> !isOver(need)).count();
        open.put(task, needs);
        if (needs == 0) {
          ready.add(task);
        }
      }
    } finally {
      lock.unlock();
    }
    return new Beginning(hindering, ready);
  }

  TaskStatus now(String task) {
    return statuses.getOrDefault(task, TaskStatus.waiting(run, task));
  }

  boolean isOver(String task) {
    return now(task).state().isOver();
  }

  void keep(TaskStatus status) {
    statuses.put(status.task(), status);
  }

  /** All tasks, in the order of the plan. */
  List<TaskStatus> all() {
    return plan.tasks().keySet().stream().map(this::now).toList();
  }

  int left() {
    lock.lock();
    try {
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Whether those that need a task cannot run. */
  boolean hinders(String task) {
    return hinders(plan.task(task), now(task));
  }

  private static boolean hinders(Task task, TaskStatus status) {
    return switch (status.state()) {
      case FAILED, BLOCKED, CANCELLED -> task.failure() == FailureMode.HARD;
      case COMPLETED, SKIPPED, WAITING, QUEUED, RUNNING, RETRYING, PARKED, ASKING, MERGING -> false;
    };
  }

  /** A task is over; gives those that need nothing more now. */
  List<String> resolve(String task) {
    lock.lock();
    try {
      left--;
      return release(task);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private List<String> release(String task) {
    List<String> ready = new ArrayList<>();
    for (String next : plan.dependents(task)) {
      if (!isOver(next) && open.merge(next, -1, Integer::sum) == 0) {
        ready.add(next);
      }
    }
    return ready;
  }

  /**
   * Tasks that cannot run, and what is not hindered by them.
   *
   * @param changes the tasks, each with the reason
   * @param free those of them that stand in nobody's way
   */
  record Blocked(List<TaskStatus> changes, List<String> free) {}

  /** All that cannot run because of a task, in one piece; each says why. */
  Blocked block(String cause, Set<String> atWork, Instant at) {
    Deque<String> todo = new ArrayDeque<>(List.of(cause));
    List<TaskStatus> changes = new ArrayList<>();
    List<String> free = new ArrayList<>();
    lock.lock();
    try {
      while (!todo.isEmpty()) {
        String from = todo.remove();
        for (String next : plan.dependents(from)) {
          if (isOver(next) || atWork.contains(next)) {
            continue;
          }
          boolean skip = plan.task(next).failure() == FailureMode.SKIP;
          TaskStatus after =
              now(next)
                  .over(
                      skip ? TaskState.SKIPPED : TaskState.BLOCKED,
                      "needs %s, which %s".formatted(from, words(now(from).state())),
                      at);
          keep(after);
          changes.add(after);
          left--;
          (hinders(next) ? todo : free).add(next);
        }
      }
    } finally {
      lock.unlock();
    }
    return new Blocked(changes, free);
  }

  /** What can begin because tasks that are blocked stand in nobody's way. */
  List<String> released(Blocked blocked) {
    lock.lock();
    try {
      List<String> ready = new ArrayList<>();
      for (String next : blocked.free()) {
        ready.addAll(release(next));
      }
      return ready;
    } finally {
      lock.unlock();
    }
  }

  private static String words(TaskState state) {
    return switch (state) {
      case FAILED -> "failed";
      case BLOCKED -> "is blocked";
      case CANCELLED -> "was cancelled";
      case COMPLETED, SKIPPED, WAITING, QUEUED, RUNNING, RETRYING, PARKED, ASKING, MERGING ->
          "is not done";
    };
  }

  /** Ends all that has not begun; gives what has changed. */
  List<TaskStatus> cancelWaiting(Set<String> atWork, Instant at) {
    lock.lock();
    try {
      List<TaskStatus> changes =
          all().stream()
              .filter(now -> !now.state().isOver() && !atWork.contains(now.task()))
              .map(now -> now.over(TaskState.CANCELLED, "cancelled", at))
              .toList();
      changes.forEach(this::keep);
      left -= changes.size();
      return changes;
    } finally {
      lock.unlock();
    }
  }
}
