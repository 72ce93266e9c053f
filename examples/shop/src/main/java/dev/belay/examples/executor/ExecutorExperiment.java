package dev.belay.examples.executor;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.Beginning;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.session.Experiment;
import dev.belay.chaos.session.Search;
import dev.belay.chaos.trace.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The client of executors as an experiment. A failure is a broken law and nothing else: errors and
 * waits are what the client is for. For one session.
 */
public final class ExecutorExperiment implements Experiment {
  private static final int HEALTHY = 3;
  private static final int TOGETHER = 3;
  private static final FaultSpace.Kinds KINDS =
      new FaultSpace.Kinds(
          List.of(500, 503, 429),
          List.of(Duration.ofMillis(20), Duration.ofMillis(400)),
          true,
          List.of(500));

  private final ExecutorTarget target;
  private final long seed;

  /** The client, searched with a seed. */
  public ExecutorExperiment(ExecutorTarget target, long seed) {
    this.target = target;
    this.seed = seed;
  }

  @Override
  public void sweep() {
    // each trial takes away what it finds left
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public int healthyRuns() {
    return HEALTHY;
  }

  @Override
  public Search search(List<Observation> healthy) {
    List<Edge> edges =
        healthy.stream()
            .flatMap(seen -> seen.trace().stream())
            .flatMap(trace -> Calls.of(trace).stream())
            .filter(call -> call.caller().equals(Operation.CLIENT))
            .map(call -> new Edge(call.caller(), call.callee()))
            .filter(edge -> !edge.callee().equals(Operation.CLIENT))
            .distinct()
            .toList();
    List<Beginning.Past> broken = new ArrayList<>(); // kinds that a search does not choose itself
    for (Edge edge : edges) {
      Stream.of(new Effect.Truncate(0), new Effect.Truncate(5), new Effect.Corrupt())
          .map(effect -> FaultPlan.of(Fault.at(edge, effect)))
          .map(plan -> new Beginning.Past("", plan, new Defect.Odds(1, 1), ""))
          .forEach(broken::add);
    }
    return new HybridSearch(
        new FaultSpace(edges, KINDS, TOGETHER), healthy, seed, new Beginning(broken, false));
  }

  @Override
  public Scoring scoring(List<Observation> healthy) {
    Analyzer analyzer =
        new Analyzer(
            AnalyzerSettings.DESIGN,
            Baseline.of(healthy.stream().map(ExecutorExperiment::lawsOnly).toList()));
    return (plan, seen) -> analyzer.score(plan, lawsOnly(seen));
  }

  private static Observation lawsOnly(Observation seen) {
    return new Observation(
        seen.endpoint(),
        Observation.Reply.of(200, Duration.ofMillis(1)),
        List.of(),
        Optional.empty(),
        seen.receipts(),
        seen.invariants(),
        seen.at());
  }
}
