package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import dev.belay.chaos.Defect;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.session.Trial;
import dev.belay.examples.executor.ExecutorExperiment;
import dev.belay.examples.executor.ExecutorTarget;
import dev.belay.testkit.FreePorts;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Searches our own client of executors for faults that make it break its word. */
public final class SelfRun {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final PrintStream out;
  private final int trials;
  private final Time time = Time.system();

  /**
   * A run.
   *
   * @param trials how many each seed has
   */
  public SelfRun(PrintStream out, int trials) {
    this.out = out;
    this.trials = trials;
  }

  /** Searches once with each of so many seeds, before a server of its own. */
  public ChaosLimits.Outcome run(int seeds) throws Exception {
    Path folder = Files.createTempDirectory("belay-self");
    try {
      int port = FreePorts.one();
      Path config =
          Files.writeString(
              folder.resolve("belay.yaml"),
              """
              control: {port: %2$d}
              proxy: {port: 0, socks_port: 0}
              store: {url: "sqlite:%1$s/belay.db"}
              chaos: {sessions: "%1$s/sessions"}
              """
                  .formatted(folder, port));
      try (Program server = Program.start(folder, World.JVM, "serve", "-c", config.toString())) {
        out.println("server: " + server.ready());
        return search(URI.create("http://127.0.0.1:" + port), seeds);
      }
    } finally {
      ChaosLimits.delete(folder);
    }
  }

  private ChaosLimits.Outcome search(URI executor, int seeds)
      throws IOException, InterruptedException {
    Map<String, Integer> broken = new LinkedHashMap<>();
    List<Defect> defects = new ArrayList<>();
    int made = 0;
    int unable = 0;
    int struck = 0;
    long begun = time.nanos();
    for (int seed = 1; seed <= seeds; seed++) {
      try (ExecutorTarget target = new ExecutorTarget(executor, time, new Random(seed))) {
        Sessions sessions =
            new Sessions(
                (id, spec) -> new ExecutorExperiment(target, spec.seed()),
                new MemorySessionStore(),
                Sessions.Settings.DEFAULT,
                time,
                Thread::startVirtualThread);
        String id =
            sessions
                .start(new SessionSpec("executor", "{}", trials, Duration.ofHours(2), seed))
                .id();
        while (!sessions.view(id).orElseThrow().state().isOver()) {
          time.sleep(LOOK_NANOS);
        }
        SessionView view = sessions.view(id).orElseThrow();
        made += view.progress().done();
        unable += view.progress().failed();
        defects.addAll(view.defects());
        for (Trial trial : sessions.trials(id)) {
          struck +=
              trial.seen().map(seen -> seen.observation().receipts().isEmpty() ? 0 : 1).orElse(0);
          trial.seen().stream()
              .flatMap(seen -> seen.observation().invariants().stream())
              .forEach(law -> {
                broken.merge(law.name(), law.holds() ? 0 : 1, Integer::sum);
                if (!law.holds()) {
                  out.printf(
                      "trial %d, %s: %s: %s%n",
                      trial.number(), trial.proposal().plan(), law.name(), law.detail());
                }
              });
        }
        view.defects().forEach(defect -> out.println("found: " + defect));
      }
      out.printf("seed %d: %d trials, %d defects%n", seed, made, defects.size());
    }
    double seconds = (time.nanos() - begun) / 1e9;
    List<Limit> limits = new ArrayList<>();
    broken.forEach((law, times) ->
        limits.add(new Limit(law, "broken in %d trials".formatted(times), "never", times == 0)));
    limits.add(
        new Limit(
            "trials in which a fault struck",
            "%d of %d, in %.0f s; %d could not be made".formatted(struck, made, seconds, unable),
            "all can be made",
            unable == 0));
    limits.forEach(out::println);
    return ChaosLimits.Outcome.of(limits);
  }
}
