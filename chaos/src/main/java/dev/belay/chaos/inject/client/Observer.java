package dev.belay.chaos.inject.client;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import java.time.Duration;

/**
 * Asks something of the system while faults are in force, and says what it saw: load and
 * observation are not the executor's business.
 */
@FunctionalInterface
public interface Observer {
  /**
   * Looks once.
   *
   * @param plan what is in force
   * @param timeout how long it may take
   * @throws TargetFailed if nothing could be asked
   */
  Observation observe(FaultPlan plan, Duration timeout) throws TargetFailed, InterruptedException;
}
