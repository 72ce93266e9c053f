package dev.belay.server;

import dev.belay.Check;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.http.HttpAsk;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.client.ExecutorSettings;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.Beginning;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.search.SessionMap;
import dev.belay.chaos.search.ShortLived;
import dev.belay.chaos.search.SpaceSearch;
import dev.belay.chaos.search.SpaceWay;
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
  private final SpaceWay way;
  private final Beginning beginning;
  private final Means means;
  private boolean watched;

  /**
   * What it works with.
   *
   * @param line the way to the system
   * @param probes what must hold all the time
   * @param bounds what may be touched
   * @param scores how bad things are
   * @param healthyRuns how often the healthy system is asked first
   */
  record Means(
      Line line,
      List<Probe> probes,
      GuardedTarget.Bounds bounds,
      AnalyzerSettings scores,
      int healthyRuns) {}

  /**
   * The way to a system.
   *
   * @param client puts faults in force
   * @param closing closes the client
   * @param target the system, with faults in force
   * @param look the system as it is
   * @param settings how faults are put in force
   * @param ask what the system is asked
   * @param laws what must hold after that
   */
  record Line(
      ExecutorClient client,
      Runnable closing,
      Target target,
      Target look,
      ExecutorSettings settings,
      HttpAsk ask,
      List<Reproducer.Law> laws) {}

  /**
   * An experiment.
   *
   * @param space what is searched; what the traces show if there is none
   * @param way how it is searched
   * @param beginning the plans that it begins with, all within the guard
   */
  ServiceExperiment(
      SessionSpec spec,
      Optional<SearchSpace> space,
      SpaceWay way,
      Beginning beginning,
      Means means) {
    this.spec = spec;
    this.space = space;
    this.way = way;
    this.beginning = beginning;
    this.means = means;
  }

  @Override
  public void sweep() throws TargetFailed, InterruptedException {
    if (!watched) {
      watched = true;
      means.line().client().watchHealth();
    }
    try {
      means.line().client().sweep();
    } catch (ExecutorException failed) {
      throw new TargetFailed("%s: %s".formatted(failed.code(), failed.getMessage()), failed);
    }
  }

  @Override
  public void close() {
    means.line().closing().run();
  }

  @Override
  public Target target() {
    return means.line().target();
  }

  /** Only what each request carries keeps those of one trial from those of another. */
  @Override
  public int mostParallel() {
    return means.line().settings().aim().baggage().isEmpty() ? 1 : SessionSpec.MOST_PARALLEL;
  }

  @Override
  public Observation look() throws TargetFailed, InterruptedException {
    return means.line().look().run(FaultPlan.NONE);
  }

  @Override
  public void check() {
    ExecutorSettings settings = means.line().settings();
    if (!isPublished()) {
      return;
    }
    Check.that(
        settings.aim().baggage().isEmpty(),
        "chaos.executor.strikes must be everybody: the executor at %s is a published one, which"
            + " cannot tell whose request it strikes; or leave chaos.executor out",
        settings.base());
    Check.that(
        !isDerived(),
        "search_space must be given: the executor at %s is a published one, which cannot tell"
            + " callers apart, and traces show calls between two services; search a space of"
            + " dimensions (--space FILE), or leave chaos.executor out",
        settings.base());
    if (space.isEmpty()) {
      beginning
          .plans()
          .forEach(past -> PlanPolicies.plain(past.plan(), settings.owner(), settings.aim()));
    }
  }

  private boolean isPublished() {
    try {
      return means.line().client().isPublished();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public boolean isDerived() {
    return space.isEmpty() && !beginning.only();
  }

  @Override
  public Optional<Reproducer> reproducer(FaultPlan plan) {
    Line line = means.line();
    return Optional.of(
        new Reproducer(
            spec.service(),
            plan,
            line.settings().base(),
            line.ask(),
            line.laws(),
            line.settings().aim().spared(),
            Optional.empty()));
  }

  @Override
  public Policy policy(FaultPlan plan) {
    ExecutorSettings settings = means.line().settings();
    return PlanPolicies.whole(
        plan,
        new Policy.Metadata(
            settings.owner(), "", 0, settings.owner(), Optional.of(settings.lease())),
        settings.aim());
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
      return new SpaceSearch(space.get(), spec.service(), way, healthy, spec.seed());
    }
    return new ShortLived(derived(healthy), means.bounds().radius().limits().life());
  }

  private Search derived(List<Observation> healthy) {
    if (beginning.only()) {
      return new HybridSearch(beginning.space(), healthy, spec.seed(), beginning);
    }
    List<Observation> known = SessionMap.imagined(healthy, SessionMap.read(spec.space()));
    FaultSpace whole = FaultSpace.of(known);
    return new HybridSearch(
        whole.within(means.bounds().radius()), known, spec.seed(), beginning.of(whole.topology()));
  }

  @Override
  public Scoring scoring(List<Observation> healthy) {
    return new Analyzer(means.scores(), Baseline.of(healthy))::score;
  }
}
