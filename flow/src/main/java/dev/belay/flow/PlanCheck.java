package dev.belay.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds everything that keeps a plan from being run. */
final class PlanCheck {
  private final Plan.Builder plan;
  private final List<PlanProblem> problems = new ArrayList<>();
  private final Map<String, Task> tasks = new LinkedHashMap<>();

  private PlanCheck(Plan.Builder plan) {
    this.plan = plan;
  }

  static List<PlanProblem> of(Plan.Builder plan) {
    PlanCheck check = new PlanCheck(plan);
    check.all();
    return List.copyOf(check.problems);
  }

  private void all() {
    if (plan.tasks.isEmpty()) {
      wrong("tasks", "there is nothing to do; give at least one task");
    }
    once("tasks", plan.tasks, Task::id);
    once("roles", plan.roles, Role::name);
    once("workflows", plan.workflows, Workflow::name);
    once("backends", plan.backends, BackendSettings::name);
    plan.tasks.forEach(task -> tasks.putIfAbsent(task.id(), task));
    Set<String> backends = names(plan.backends, BackendSettings::name);
    Set<String> doers = new HashSet<>(backends);
    for (Role role : plan.roles) {
      doers.add(role.name());
      for (String backend : role.backends()) {
        known("roles.%s.backends".formatted(role.name()), "backend", backend, backends);
      }
    }
    Set<String> workflows = names(plan.workflows, Workflow::name);
    for (Workflow workflow : plan.workflows) {
      for (Workflow.Step step : workflow.steps()) {
        known("workflows.%s.steps".formatted(workflow.name()), "role", step.role(), doers);
      }
    }
    plan.questions.role().ifPresent(role -> known("questions.role", "role", role, doers));
    for (Task task : plan.tasks) {
      String place = "tasks." + task.id();
      if (task.workflow().isEmpty()) {
        known(place + ".role", "role or backend", task.role(), doers);
      }
      task.workflow().ifPresent(name -> known(place + ".workflow", "workflow", name, workflows));
      needs(task, place + ".needs");
      placeholders(task, place + ".prompt");
    }
    cycles();
  }

  private static <T> Set<String> names(List<T> list, Function<T, String> name) {
    Set<String> names = new HashSet<>();
    list.forEach(item -> names.add(name.apply(item)));
    return names;
  }

  private <T> void once(String place, List<T> list, Function<T, String> name) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    list.forEach(item -> counts.merge(name.apply(item), 1, Integer::sum));
    counts.forEach((id, count) -> {
      if (count > 1) {
        wrong("%s.%s".formatted(place, id), "is there %d times".formatted(count));
      }
    });
  }

  private void known(String place, String what, String name, Set<String> known) {
    if (!known.contains(name)) {
      String there =
          known.isEmpty()
              ? "the plan has none"
              : "there are " + String.join(", ", known.stream().sorted().limit(20).toList());
      wrong(place, "there is no %s '%s'; %s".formatted(what, name, there));
    }
  }

  private void needs(Task task, String place) {
    List<String> missing = task.needs().stream().filter(id -> !tasks.containsKey(id)).toList();
    if (!missing.isEmpty()) {
      wrong(place, "there is no task %s".formatted(String.join(", ", missing)));
    }
  }

  private void placeholders(Task task, String place) {
    Placeholder.in(task.prompt())
        .map(Placeholder::task)
        .filter(id -> tasks.containsKey(id) && !task.needs().contains(id))
        .forEach(id ->
            wrong(
                place,
                "uses {{%s}}, which the task does not need; add it to its needs".formatted(id)));
  }

  /** Each cycle once, from its first task in the plan round to the same. */
  private void cycles() {
    Map<String, Color> colors = new HashMap<>();
    for (String id : tasks.keySet()) {
      if (!colors.containsKey(id)) {
        walk(id, colors);
      }
    }
  }

  private enum Color {
    OPEN,
    DONE
  }

  /** A walk without recursion: plans may be deep. */
  private void walk(String from, Map<String, Color> colors) {
    List<String> path = new ArrayList<>();
    List<Integer> next = new ArrayList<>();
    enter(from, path, next, colors);
    while (!path.isEmpty()) {
      int top = path.size() - 1;
      List<String> needs = needsOf(path.get(top));
      int at = next.get(top);
      if (at == needs.size()) {
        colors.put(path.removeLast(), Color.DONE);
        next.removeLast();
        continue;
      }
      next.set(top, at + 1);
      String need = needs.get(at);
      Optional<Color> color = Optional.ofNullable(colors.get(need));
      if (color.isEmpty() && tasks.containsKey(need)) {
        enter(need, path, next, colors);
      } else if (color.equals(Optional.of(Color.OPEN))) {
        cycle(path.subList(path.indexOf(need), path.size()));
      }
    }
  }

  private static void enter(
      String id, List<String> path, List<Integer> next, Map<String, Color> colors) {
    path.add(id);
    next.add(0);
    colors.put(id, Color.OPEN);
  }

  private List<String> needsOf(String id) {
    return Optional.ofNullable(tasks.get(id)).map(Task::needs).orElse(List.of());
  }

  /** The path follows needs; people read it the way the work goes. */
  private void cycle(List<String> needs) {
    List<String> round = new ArrayList<>(needs.reversed());
    int first = 0;
    List<String> all = List.copyOf(tasks.keySet());
    for (int at = 1; at < round.size(); at++) {
      first = all.indexOf(round.get(at)) < all.indexOf(round.get(first)) ? at : first;
    }
    java.util.Collections.rotate(round, -first);
    round.add(round.getFirst());
    wrong(
        "tasks.%s.needs".formatted(round.getFirst()),
        "goes round in a circle: %s".formatted(String.join(" → ", round)));
  }

  private void wrong(String place, String message) {
    problems.add(new PlanProblem(place, message));
  }
}
