package dev.belay.flow.plan;

import dev.belay.RetryPolicy;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.Plan;
import dev.belay.flow.PlanProblem;
import dev.belay.flow.Questions;
import dev.belay.flow.Role;
import dev.belay.flow.RunLimits;
import dev.belay.flow.Task;
import dev.belay.flow.Workflow;
import dev.belay.flow.WorktreeRules;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a whole plan. For one thread, once. */
final class PlanReader {
  private static final List<String> STRATEGIES =
      Arrays.stream(WorktreeRules.Strategy.values())
          .map(strategy -> strategy.name().toLowerCase(Locale.ROOT))
          .toList();

  private final Source source;
  private final Path directory;

  /** Where things are written, for problems that are found later. */
  private final Map<String, Integer> lines = new HashMap<>();

  PlanReader(String name, Path directory) {
    this.source = new Source(name, Map.of());
    this.directory = directory;
  }

  Plan read(String text) {
    Section root = new Section(source, "", YamlTree.read(source, text));
    Plan.Builder plan = named(root);
    plan.limits(limits(root.section("limits")));
    RetryPolicy retry = retry(root, plan);
    named(root, "backends", (section, name) -> BackendReader.read(section, name))
        .forEach(plan::backend);
    named(root, "roles", PlanReader::role).forEach(plan::role);
    named(root, "workflows", this::workflow).forEach(plan::workflow);
    plan.questions(questions(root.section("questions")));
    root.place("worktrees").ifPresent(place -> plan.worktrees(worktrees(place)));
    tasks(root, retry).forEach(plan::task);
    root.close();
    usualBackends(plan);
    source.check(); // what is not there because it was wrong need not be missed as well
    for (PlanProblem problem : plan.problems()) {
      source.wrong(line(problem.place()), problem.place(), problem.message());
    }
    source.check();
    return plan.build();
  }

  private Plan.Builder named(Section root) {
    String name = Raw.text(root, "name", "plan");
    return root.build(() -> Plan.named(name), Plan.named("plan"));
  }

  private static RunLimits limits(Section section) {
    RunLimits usual = RunLimits.DEFAULT;
    int concurrency = section.whole("concurrency", Range.of(1, 100_000), usual.concurrency());
    double cost = section.number("cost", Range.above(0.0, 1e9), usual.cost());
    long tokens = section.size("tokens", Range.of(1L, Long.MAX_VALUE), usual.tokens());
    section.close();
    return new RunLimits(concurrency, cost, tokens);
  }

  private static RetryPolicy retry(Section root, Plan.Builder plan) {
    Section retry = root.section("retry");
    Section breaker = root.section("circuit_breaker");
    boolean parity =
        retry
            .oneOf("preset", List.of("flow", RetryRules.BACKOFF_V4), "flow")
            .equals(RetryRules.BACKOFF_V4);
    boolean breakers =
        breaker
            .oneOf("preset", List.of("flow", RetryRules.GOBREAKER_V1), "flow")
            .equals(RetryRules.GOBREAKER_V1);
    if (parity || breakers) {
      plan.parity(RetryRules.parity(retry, breaker));
      retry.close();
      breaker.close();
      return Plan.RETRY;
    }
    breaker.close();
    RetryPolicy policy = RetryRules.read(retry, Plan.RETRY);
    plan.retry(policy);
    return policy;
  }

  /** What is under a name of its own. */
  @FunctionalInterface
  private interface Named<T> {
    Optional<T> read(Section section, String name);
  }

  private <T> List<T> named(Section root, String key, Named<T> reader) {
    List<T> all = new ArrayList<>();
    Section section = root.section(key);
    for (String name : section.keys()) {
      section.place(name).ifPresent(place -> lines.put(key + "." + name, place.node().line()));
      reader.read(section.section(name), name).ifPresent(all::add);
    }
    section.close();
    return all;
  }

  private static Optional<Role> role(Section section, String name) {
    List<String> backends = new ArrayList<>(Raw.texts(section, "backends"));
    backends.addAll(Raw.texts(section, "backend"));
    Optional<String> model = Raw.text(section, "model");
    Optional<String> system = Raw.text(section, "system_prompt");
    List<String> tools = Raw.texts(section, "tools");
    section.close();
    return section.build(
        () -> Optional.of(new Role(name, backends, model, system, tools)), Optional.empty());
  }

  private Optional<Workflow> workflow(Section section, String name) {
    List<Place> places =
        section.place("steps").flatMap(place -> place.list("steps")).orElse(List.of());
    List<Section> sections = places.stream().flatMap(place -> place.section().stream()).toList();
    List<String> roles = sections.stream().map(step -> Raw.text(step, "role", "")).toList();
    List<Workflow.Step> steps = new ArrayList<>();
    for (int at = 0; at < sections.size(); at++) {
      Section step = sections.get(at);
      String prompt = Raw.text(step, "prompt", "");
      Optional<Workflow.Loop> back = back(step, roles.subList(0, at));
      step.close();
      if (roles.get(at).isEmpty()) {
        step.wrong("role", "must say who does the step");
        return Optional.empty();
      }
      String role = roles.get(at);
      step.build(() -> steps.add(new Workflow.Step(role, prompt, back)), false);
    }
    section.close();
    return section.build(() -> Optional.of(new Workflow(name, steps)), Optional.empty());
  }

  private static Optional<Workflow.Loop> back(Section step, List<String> before) {
    Optional<Place> place = step.place("back_to");
    int rounds = step.whole("rounds", Range.of(1, 100), 3);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    String to = Raw.text(place.get()).orElse("");
    int at = before.indexOf(to);
    if (at < 0) {
      place
          .get()
          .wrong(
              before.isEmpty()
                  ? "cannot be given for the first step; there is nothing to go back to"
                  : "must be the role of a step before: " + String.join(", ", before));
      return Optional.empty();
    }
    return Optional.of(new Workflow.Loop(at, rounds));
  }

  private static Questions questions(Section section) {
    Questions usual = Questions.DEFAULT;
    Optional<String> role = Raw.text(section, "role");
    Duration timeout =
        section.length("timeout", Range.above(Duration.ZERO, Duration.ofDays(30)), usual.timeout());
    int most = section.whole("most", Range.of(0, 100), usual.most());
    section.close();
    return new Questions(role, timeout, most);
  }

  private static WorktreeRules worktrees(Place place) {
    if (place.isYesNo()) {
      return new WorktreeRules(
          place.yesNo().orElse(false), WorktreeRules.Strategy.MERGE, Optional.empty());
    }
    Section section = place.section().orElseThrow();
    String strategy = section.oneOf("strategy", STRATEGIES, "merge");
    Optional<String> target = Raw.text(section, "target");
    section.close();
    return new WorktreeRules(
        true, WorktreeRules.Strategy.valueOf(strategy.toUpperCase(Locale.ROOT)), target);
  }

  private List<Task> tasks(Section root, RetryPolicy retry) {
    TaskReader reader = new TaskReader(directory, retry);
    return root.list(
        "tasks",
        "tasks",
        place -> {
          Optional<Section> section = place.section();
          Optional<Task> task = section.flatMap(reader::read);
          task.ifPresent(read -> remember(place, section.orElseThrow(), read.id()));
          return task;
        },
        List.of());
  }

  private void remember(Place place, Section section, String id) {
    String at = "tasks." + id;
    boolean twice = lines.putIfAbsent(at, place.node().line()) != null;
    if (twice) {
      lines.put(at, place.node().line()); // the one that is too many
    }
    for (String key : section.keys()) {
      section.place(key).ifPresent(value -> lines.put(at + "." + key, value.node().line()));
    }
  }

  /** The line of what a problem is about, or of what that belongs to. */
  private int line(String place) {
    String at = place;
    while (!at.isEmpty()) {
      Optional<Integer> line = Optional.ofNullable(lines.get(at));
      if (line.isPresent()) {
        return line.get();
      }
      int dot = at.lastIndexOf('.');
      at = dot < 0 ? "" : at.substring(0, dot);
    }
    return 0;
  }

  /** The three agents need not be written down to be used. */
  private static void usualBackends(Plan.Builder plan) {
    for (String name : List.of("claude", "codex", "goose")) {
      if (plan.needsBackend(name)) {
        plan.backend(BackendSettings.of(name, name).build());
      }
    }
  }
}
