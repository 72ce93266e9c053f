package dev.belay.server;

import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.search.SpaceSearch;
import dev.belay.chaos.session.Experiment;
import dev.belay.chaos.session.Search;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.space.SearchSpace;
import java.util.List;
import java.util.Optional;

/** A real system behind fault proxies as an experiment. For one session. */
final class ServiceExperiment implements Experiment {
  private final SessionSpec spec;
  private final Optional<SearchSpace> space;
  private final Means means;

  /**
   * What it works with.
   *
   * @param client puts faults in force
   * @param target the system, with faults in force
   * @param probes what must hold all the time
   * @param bounds what may be touched
   * @param scores how bad things are
   * @param healthyRuns how often the healthy system is asked first
   */
  record Means(
      ExecutorClient client,
      Target target,
      List<Probe> probes,
      GuardedTarget.Bounds bounds,
      AnalyzerSettings scores,
      int healthyRuns) {}

  /**
   * An experiment.
   *
   * @param space what is searched; what the traces show if there is none
   */
  ServiceExperiment(SessionSpec spec, Optional<SearchSpace> space, Means means) {
    this.spec = spec;
    this.space = space;
    this.means = means;
  }

  @Override
  public void sweep() throws TargetFailed, InterruptedException {
    try {
      means.client().sweep();
    } catch (ExecutorException failed) {
      throw new TargetFailed("%s: %s".formatted(failed.code(), failed.getMessage()), failed);
    }
  }

  @Override
  public void close() {
    means.client().close();
  }

  @Override
  public Target target() {
    return means.target();
  }

  @Override
  public List<Probe> probes() {
    return means.probes();
  }

  @Override
  public GuardedTarget.Bounds bounds() {
    return means.bounds();
  }

  @Override
  public int healthyRuns() {
    return means.healthyRuns();
  }

  @Override
  public Search search(List<Observation> healthy) {
    if (space.isPresent()) {
      return new SpaceSearch(space.get(), spec.service(), new Portfolio(), healthy, spec.seed());
    }
    FaultSpace derived = FaultSpace.of(healthy).within(means.bounds().radius());
    return new HybridSearch(derived, healthy, spec.seed());
  }

  @Override
  public Scoring scoring(List<Observation> healthy) {
    return new Analyzer(means.scores(), Baseline.of(healthy))::score;
  }
}
