package dev.belay.server.cli.flow;

import dev.belay.flow.Plan;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run as its events tell it. For one thread at a time. */
final class RunModel {
  private static final int REMEMBERED = 200;

  private final Plan plan;
  private RunStatus run;
  private final Map<String, TaskStatus> tasks = new LinkedHashMap<>();
  private final Map<String, Deque<String>> said = new HashMap<>();
  private final Map<String, String> backends = new LinkedHashMap<>();
  private String latest = "";

  RunModel(RunView view) {
    this.plan = view.plan();
    this.run = view.run();
    Map<String, TaskStatus> known = new HashMap<>();
    view.tasks().forEach(task -> known.put(task.task(), task));
    for (String id : plan.order()) {
      tasks.put(id, known.getOrDefault(id, TaskStatus.waiting(run.run(), id)));
    }
  }

  /** Takes an event; whether anything that can be seen is different. */
  boolean take(RunEvent event) {
    switch (event.kind()) {
      case CHANGE -> event.change().ifPresent(this::take);
      case OUTPUT -> {
        Deque<String> lines = said.computeIfAbsent(event.task(), task -> new ArrayDeque<>());
        lines.add(event.text());
        if (lines.size() > REMEMBERED) {
          lines.remove();
        }
        latest = event.task();
      }
      case BREAKER, COOLDOWN -> backends.put(event.kind().name(), event.text());
      case MERGE, DROPPED -> {
        // nothing to keep
      }
    }
    return true;
  }

  private void take(dev.belay.flow.Change change) {
    if (change instanceof TaskStatus task) {
      tasks.put(task.task(), task);
    } else if (change instanceof RunStatus status) {
      run = status;
    }
  }

  Plan plan() {
    return plan;
  }

  RunStatus run() {
    return run;
  }

  List<TaskStatus> tasks() {
    return List.copyOf(tasks.values());
  }

  Optional<TaskStatus> task(String id) {
    return Optional.ofNullable(tasks.get(id));
  }

  long count(TaskState state) {
    return tasks.values().stream().filter(task -> task.state() == state).count();
  }

  long over() {
    return tasks.values().stream().filter(task -> task.state().isOver()).count();
  }

  /** Who spoke last. */
  String latest() {
    return latest;
  }

  /** The last lines of a task. */
  List<String> tail(String task, int lines) {
    List<String> all = new ArrayList<>(said.getOrDefault(task, new ArrayDeque<>()));
    return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  /** The last word on breakers and rests. */
  List<String> notices() {
    return List.copyOf(backends.values());
  }
}
