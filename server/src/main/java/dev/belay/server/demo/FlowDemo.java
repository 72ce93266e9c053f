package dev.belay.server.demo;

import dev.belay.BreakerPolicy;
import dev.belay.Time;
import dev.belay.flow.AttemptStatus;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.ParityRules;
import dev.belay.flow.Plan;
import dev.belay.flow.Questions;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunLimits;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.Task;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.backend.Backends;
import dev.belay.flow.journal.MemoryRunStore;
import dev.belay.flow.run.LocalEngine;
import dev.belay.testkit.agent.FakeAgent;
import dev.belay.testkit.agent.Tongue;
import dev.belay.testkit.agent.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets three agents do a dozen tasks twice while one of them is down for 20 s and another has used
 * up its limit for 12 s: with retries and a breaker as an orchestrator of today has them, and with
 * Belay. Agents are programs on this machine that speak as the real ones do.
 */
public final class FlowDemo {
  private static final Duration OUTAGE = Duration.ofSeconds(20);
  private static final List<String> FREE = List.of("docs-1", "docs-2", "docs-3", "docs-4");

  private final Duration outage;

  /** One that has not begun. */
  public FlowDemo() {
    this(OUTAGE);
  }

  /** One in which all takes longer or shorter, in proportion to how long an agent is down. */
  FlowDemo(Duration outage) {
    this.outage = outage;
  }

  /** Both columns. */
  public record Outcome(Map<String, Object> plain, Map<String, Object> belay) {}

  /** What happens to the agents, for people. */
  public static List<String> habits() {
    return List.of(
        "claude   writes the code, and is down for the first 20 s",
        "codex    writes the tests, and says at once that its limit is used up for 12 s",
        "goose    writes the documents, a chain that needs neither of them");
  }

  /** Does the tasks twice; about 40 s. */
  public Outcome run(ProxyDemo.Progress progress) throws IOException, InterruptedException {
    return new Outcome(once("as usual", true, progress), once("with Belay", false, progress));
  }

  private Map<String, Object> once(String side, boolean parity, ProxyDemo.Progress progress)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("belay-demo");
    Time time = Time.system();
    Instant start = time.instant();
    Plan plan = plan(directory, start, parity);
    MemoryRunStore store = new MemoryRunStore();
    try (LocalEngine engine =
        LocalEngine.builder(store, settings -> Backends.create(settings, Map.of(), time), directory)
            .cooldowns(Duration.ofMillis(400), Duration.ofSeconds(1), Duration.ofSeconds(10))
            .build()) {
      String run = engine.submit(plan, directory);
      RunStatus end = follow(engine, run, side, plan.tasks().size(), progress);
      return figures(engine.view(run).orElseThrow(), end, start.plus(outage));
    } finally {
      delete(directory);
    }
  }

  private static RunStatus follow(
      LocalEngine engine, String run, String side, int all, ProxyDemo.Progress progress)
      throws InterruptedException {
    RunView before = engine.view(run).orElseThrow();
    Map<String, TaskState> states = new LinkedHashMap<>();
    try (RunEngine.Watch watch =
        engine.watchOrEnd(
            run,
            before.sequence(),
            event -> {
              if (event.change().orElse(null) instanceof TaskStatus task
                  && task.state().isOver()
                  && states.put(task.task(), task.state()) == null) {
                long good = states.values().stream().filter(FlowDemo::isGood).count();
                progress.at(side, states.size(), (int) good, all);
              }
            })) {
      RunStatus end = engine.await(run);
      watch.drain();
      return end;
    }
  }

  private static boolean isGood(TaskState state) {
    return state == TaskState.COMPLETED;
  }

  private Plan plan(Path directory, Instant start, boolean parity) throws IOException {
    Instant limited = start.plus(outage.multipliedBy(3).dividedBy(5));
    Turn work =
        Turn.begin().say("at work").pause(outage.dividedBy(28)).answer("done", 0.01, 900, 100);
    FakeAgent.install(directory, Tongue.CLAUDE, work);
    FakeAgent.install(
        directory,
        Tongue.CODEX,
        Turn.begin().limit(limited),
        Turn.begin().limit(limited),
        Turn.begin().limit(limited),
        work);
    FakeAgent.install(directory, Tongue.GOOSE, work);
    Path gate = gate(directory, start.plus(outage));
    BreakerPolicy breaker =
        BreakerPolicy.builder()
            .failureThreshold(0)
            .consecutiveFailures(5)
            .openFor(outage.dividedBy(5))
            .openJitter(0.1)
            .build();
    Plan.Builder plan =
        Plan.named("release")
            .limits(new RunLimits(4, Double.POSITIVE_INFINITY, Long.MAX_VALUE))
            .questions(new Questions(Optional.empty(), Duration.ofHours(1), 0))
            .backend(
                BackendSettings.of("claude", "claude")
                    .command(List.of(gate.toString()))
                    .breaker(breaker)
                    .build())
            .backend(
                BackendSettings.of("codex", "codex")
                    .command(List.of(directory.resolve("codex").toString()))
                    .breaker(breaker)
                    .concurrency(1)
                    .build())
            .backend(
                BackendSettings.of("goose", "goose")
                    .command(List.of(directory.resolve("goose").toString()))
                    .build());
    if (parity) {
      plan.parity(ParityRules.DEFAULT);
    }
    return tasks(plan).build();
  }

  private static Plan.Builder tasks(Plan.Builder plan) {
    plan.task(task("code-1", "claude"))
        .task(task("code-2", "claude"))
        .task(task("code-3", "claude", "code-1", "code-2"))
        .task(task("test-1", "codex"))
        .task(task("test-2", "codex", "test-1"))
        .task(task("test-3", "codex", "code-3"));
    for (int at = 0; at < FREE.size(); at++) {
      Task.Builder task = task(FREE.get(at), "goose");
      plan.task(at == 0 ? task : task.needs(FREE.get(at - 1)));
    }
    return plan.task(task("notes", "goose", "code-3", "test-2"))
        .task(task("release", "claude", "notes", "test-3", FREE.getLast()));
  }

  private static Task.Builder task(String id, String backend, String... needs) {
    return Task.of(id, backend, "Do the work of " + id).needs(needs);
  }

  /** Before the agent stands a line that is down until a time. */
  private static Path gate(Path directory, Instant until) throws IOException {
    Path gate = directory.resolve("claude-over-a-line");
    Files.writeString(
        gate,
        """
        #!/bin/sh
        if [ "$(date +%%s)" -lt %d ]; then
          echo 'API Error: connection refused' >&2
          exit 1
        fi
        exec '%s' "$@"
        """
            .formatted(until.getEpochSecond(), directory.resolve("claude")));
    if (!gate.toFile().setExecutable(true)) {
      throw new IOException("%s cannot be made executable".formatted(gate));
    }
    return gate;
  }

  private static Map<String, Object> figures(RunView view, RunStatus end, Instant up) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tasks", view.tasks().size());
    figures.put("completed", count(view, TaskState.COMPLETED));
    figures.put("failed", count(view, TaskState.FAILED));
    figures.put("blocked", count(view, TaskState.BLOCKED));
    figures.put("attempts", view.attempts().size());
    figures.put("failed_attempts", failed(view));
    figures.put("seconds", seconds(end.started(), end.ended().orElse(up)));
    figures.put("free_chain_seconds", freeChain(view));
    return figures;
  }

  private static long count(RunView view, TaskState state) {
    return view.tasks().stream().filter(task -> task.state() == state).count();
  }

  private static long failed(RunView view) {
    return view.attempts().stream()
        .filter(attempt -> !attempt.outcome().equals(Optional.of(OutcomeClass.SUCCESS)))
        .count();
  }

  private static double freeChain(RunView view) {
    List<AttemptStatus> free =
        view.attempts().stream().filter(attempt -> FREE.contains(attempt.task())).toList();
    Instant last =
        free.stream()
            .map(attempt -> attempt.ended().orElse(attempt.started()))
            .max(Comparator.naturalOrder())
            .orElse(view.run().started());
    return seconds(view.run().started(), last);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1e3;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
