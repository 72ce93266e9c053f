package dev.belay.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which task comes when: by level, then priority, then as it was given. Immutable; of a graph that
 * has no cycle.
 */
final class TaskOrder {
  private final List<String> ids;
  private final Map<String, Integer> levels;
  private final Map<String, List<String>> dependents;

  private TaskOrder(
      List<String> ids, Map<String, Integer> levels, Map<String, List<String>> dependents) {
    this.ids = ids;
    this.levels = levels;
    this.dependents = dependents;
  }

  static TaskOrder of(Map<String, Task> tasks) {
    Map<String, List<String>> dependents = new HashMap<>();
    Map<String, Integer> open = new HashMap<>();
    Deque<String> ready = new ArrayDeque<>();
    for (Task task : tasks.values()) {
      open.put(task.id(), task.needs().size());
      task.needs()
          .forEach(
              need -> dependents.computeIfAbsent(need, id -> new ArrayList<>()).add(task.id()));
      if (task.needs().isEmpty()) {
        ready.add(task.id());
      }
    }
    Map<String, Integer> levels = new HashMap<>();
    while (!ready.isEmpty()) {
      String id = ready.remove();
      int level = levels.computeIfAbsent(id, first -> 0);
      for (String next : dependents.getOrDefault(id, List.of())) {
        levels.merge(next, level + 1, Math::max);
        if (open.merge(next, -1, Integer::sum) == 0) {
          ready.add(next);
        }
      }
    }
    List<String> ids = new ArrayList<>(tasks.keySet());
    ids.sort(
        Comparator.comparingInt((String id) -> levels.getOrDefault(id, 0))
            .thenComparingInt(id -> -priority(tasks, id)));
    return new TaskOrder(List.copyOf(ids), levels, dependents);
  }

  private static int priority(Map<String, Task> tasks, String id) {
    Task task = tasks.get(id);
    return task == null ? 0 : task.priority();
  }

  List<String> ids() {
    return ids;
  }

  int level(String id) {
    return levels.getOrDefault(id, 0);
  }

  List<String> dependents(String id) {
    return List.copyOf(dependents.getOrDefault(id, List.of()));
  }
}
