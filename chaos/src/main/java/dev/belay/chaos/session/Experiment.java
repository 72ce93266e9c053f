package dev.belay.chaos.session;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.score.Score;
import java.util.List;
import java.util.Optional;

/** What a session works with: a system, a search, and a way to tell how bad something is. */
public interface Experiment extends AutoCloseable {
  /**
   * Takes back all faults that the session, or a process that had it before, may have left behind.
   * Called before anything is tried, and once more at the end.
   *
   * @throws TargetFailed if it is not known that they are gone
   */
  void sweep() throws TargetFailed, InterruptedException;

  /** The system, without a guard. */
  Target target();

  /**
   * How many trials can be made at a time so that no fault of one strikes another. {@link #target}
   * is safe for so many threads.
   */
  default int mostParallel() {
    return 1;
  }

  /** Looks at the healthy system once. Puts nothing in force, and asks no executor anything. */
  default Observation look() throws TargetFailed, InterruptedException {
    return target().run(FaultPlan.NONE);
  }

  /**
   * Makes sure that its plans can be put in force, as far as that can be known beforehand. May ask
   * the executor once of what kind it is, and nothing else.
   *
   * @throws IllegalArgumentException if they cannot; says what to do
   */
  default void check() {}

  /** Whether what is searched is derived from what the healthy system does. */
  default boolean isDerived() {
    return true;
  }

  /** What a plan comes to at an executor of this project. */
  default Policy policy(FaultPlan plan) {
    return PlanPolicies.whole(plan, Policy.Metadata.named("dry-run"), Aim.EVERYBODY);
  }

  /**
   * What it takes to see a failure of the system once more; nothing if only this process can ask
   * it.
   */
  default Optional<Reproducer> reproducer(FaultPlan plan) {
    return Optional.empty();
  }

  /** What is always to hold of the system. */
  default List<Probe> probes() {
    return List.of();
  }

  /** What may be touched, and when to stop. */
  default GuardedTarget.Bounds bounds() {
    return GuardedTarget.Bounds.DEFAULT;
  }

  /** How many times the healthy system is tried first; at least 1. */
  int healthyRuns();

  /**
   * The search, which has seen nothing yet.
   *
   * @param healthy what the healthy system did
   * @throws IllegalArgumentException if nothing can be searched
   */
  Search search(List<Observation> healthy);

  /**
   * The measure.
   *
   * @param healthy what the healthy system did
   */
  Scoring scoring(List<Observation> healthy);

  /** Nothing more is asked of it. Gives back what it holds; takes no fault back. */
  @Override
  default void close() {}

  /** How bad something is. Never throws. */
  @FunctionalInterface
  interface Scoring {
    /** How bad what was seen under a plan is. */
    Score score(FaultPlan plan, Observation seen);
  }
}
