package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.propose.Forest;
import dev.belay.chaos.propose.Growth;
import dev.belay.chaos.propose.Optimizer;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.propose.Proposal;
import dev.belay.chaos.propose.Samples;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.FileSessionStore;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What one trial costs beside the system itself: proposing, fitting, scoring, writing down. */
final class SearchLimits {
  private static final int DIMENSIONS = 20;
  private static final int SPANS = 200;

  private final Time time = Time.system();
  private final Path folder;

  SearchLimits(Path folder) {
    this.folder = folder;
  }

  void measure(Consumer<Limit> found) {
    SearchSpace space = space();
    Proposals unused = proposals(space, 60);
    for (int size : new int[] {100, 200}) {
      found.accept(proposals(space, size).limit(size));
    }
    found.accept(refits(space).below("grow the forest anew, 20 dimensions, 200 trials", 200));
    found.accept(scores().below("score a trace of 200 spans against a baseline", 100));
    found.accept(writes().below("write a trial with 200 spans down, on the disk", 30));
  }

  /** Twelve numbers and eight categories. */
  private static SearchSpace space() {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < DIMENSIONS; i++) {
      dimensions.add(
          i < 8
              ? Dimension.Categorical.of("d" + i, "a", "b", "c", "d")
              : Dimension.Real.of("d" + i, 0, 1));
    }
    return SearchSpace.of(dimensions.toArray(Dimension[]::new));
  }

  /**
   * How long proposals took: by the clock, and by the processor, which does not count those that
   * use the machine besides.
   */
  private record Proposals(Spread wall, Spread processor) {
    Limit limit(int size) {
      return new Limit(
          "propose, %d dimensions, %d trials known, %,d times"
              .formatted(DIMENSIONS, size, processor.size()),
          "processor time: median %.1f ms, p99 %.1f ms; by the clock: %.1f and %.1f ms"
              .formatted(processor.median(), processor.p99(), wall.median(), wall.p99()),
          "p99 of processor time < 20 ms",
          processor.p99() < 20);
    }
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Proposals around a number of trials, over a few searches; fitting is a part of each. */
  private Proposals proposals(SearchSpace space, int size) {
    List<Long> took = new ArrayList<>();
    List<Long> worked = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Optimizer optimizer = new Optimizer(space, new Portfolio(), seed);
      for (int i = 0; i < size - 10; i++) {
        optimizer.tell(space.chart().point(space.chart().draw(random)), score(random));
      }
      for (int i = 0; i < 20; i++) {
        long begun = time.nanos();
        long idle = processorNanos();
        Proposal proposal = optimizer.ask();
        worked.add(processorNanos() - idle);
        took.add(time.nanos() - begun);
        optimizer.tell(proposal.point(), score(random));
      }
    }
    return new Proposals(Spread.of(took), Spread.of(worked));
  }

  private static double score(SplittableRandom random) {
    return Math.max(0, 8 * random.nextDouble() - 5);
  }

  private Spread refits(SearchSpace space) {
    SplittableRandom random = new SplittableRandom(3);
    Samples samples = new Samples(space.chart().rowLevels());
    for (int i = 0; i < 200; i++) {
      double[] row = space.chart().draw(random);
      samples.add(row, random.nextInt(3) == 0 ? 5 * row[10] + row[2] : 0);
    }
    List<Long> took = new ArrayList<>();
    for (int round = -20; round < 200; round++) {
      long begun = time.nanos();
      Forest unused = Forest.fit(samples, Growth.CART, round);
      if (round >= 0) {
        took.add(time.nanos() - begun);
      }
    }
    return Spread.of(took);
  }

  /** A tree of calls, three from each; the seed moves their lengths and fails some. */
  private static Trace trace(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < SPANS; i++) {
      Optional<String> parent =
          i == 0 ? Optional.empty() : Optional.of("%016x".formatted((i - 1) / 3 + 1));
      boolean error = seed != 0 && random.nextInt(20) == 0;
      spans.add(
          new Span(
              new SpanId("%032x".formatted(seed + 1), "%016x".formatted(i + 1), parent),
              "service-" + i % 17,
              "GET /path/" + (seed == 0 ? i : i + random.nextInt(2)) % 60,
              i % 2 == 0 ? SpanKind.SERVER : SpanKind.CLIENT,
              1_000_000L * i,
              1_000_000L * (SPANS - i) + random.nextInt(900_000),
              new Span.Outcome(
                  error,
                  Map.of("http.response.status_code", error ? "503" : "200"),
                  error ? List.of("it broke") : List.of())));
    }
    return new Trace(spans, true);
  }

  private Observation seen(long seed) {
    return new Observation(
        "POST /checkout",
        Observation.Reply.of(seed == 0 ? 200 : 500, Duration.ofMillis(250 + seed % 900)),
        List.of(),
        Optional.of(trace(seed)),
        List.of(),
        List.of(),
        time.instant());
  }

  private static FaultPlan plan() {
    return FaultPlan.of(
        Fault.at(new Edge("service-1", "service-2"), new Effect.Delay(Duration.ofMillis(200))),
        Fault.at(new Edge("service-3", "service-4"), new Effect.Abort(503)));
  }

  private Analyzer analyzer() {
    return new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(List.of(seen(0), seen(0))));
  }

  private Spread scores() {
    Analyzer analyzer = analyzer();
    List<Long> took = new ArrayList<>();
    for (int round = -200; round < 1_000; round++) {
      Observation seen = seen(round + 201);
      long begun = time.nanos();
      Score unused = analyzer.score(plan(), seen);
      if (round >= 0) {
        took.add(time.nanos() - begun);
      }
    }
    return Spread.of(took);
  }

  private Spread writes() {
    Analyzer analyzer = analyzer();
    List<Long> took = new ArrayList<>();
    try (FileSessionStore store = new FileSessionStore(folder.resolve("written"))) {
      store.create(
          "s", new SessionSpec("shop", "{}", 1_000, Duration.ofHours(1), 1), time.instant());
      for (int i = 1; i <= 500; i++) {
        Observation seen = seen(i);
        Entry done =
            new Entry.Done(
                new Trial(
                    i,
                    new dev.belay.chaos.session.Proposal(plan(), "sweep", Map.of()),
                    new Trial.Seen(seen, analyzer.score(plan(), seen), Insight.HELD),
                    time.instant(),
                    Duration.ofMillis(40)));
        long begun = time.nanos();
        store.append("s", done);
        took.add(time.nanos() - begun);
      }
    }
    return Spread.of(took);
  }
}
