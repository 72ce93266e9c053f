package dev.belay.chaos.inject.client;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.inject.Aim;

/** How faults get in force and out of it again at one kind of executor. */
interface FaultMode {
  /**
   * Puts a plan in force, everywhere if that can be known.
   *
   * @param name unique among all plans
   * @param aim whose requests it means
   */
  void apply(FaultPlan plan, String name, Aim aim) throws ExecutorException, InterruptedException;

  /** Takes a plan back; one that is not there is no error. */
  void remove(FaultPlan plan, String name) throws ExecutorException, InterruptedException;

  /** A sign of life: what is in force stays so. */
  void renew(String name) throws ExecutorException, InterruptedException;

  /** What was seen, and what the executor knows of it besides; asked after the plan was removed. */
  Observation complete(Observation seen, String name)
      throws ExecutorException, InterruptedException;
}
