package dev.belay.chaos.session;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.score.Score;
import java.util.List;

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

  /** What is always to hold of the system. */
  List<Probe> probes();

  /** What may be touched, and when to stop. */
  GuardedTarget.Bounds bounds();

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
