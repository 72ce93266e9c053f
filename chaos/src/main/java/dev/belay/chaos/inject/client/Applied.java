package dev.belay.chaos.inject.client;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.client.ExecutorException.Code;

/**
 * A plan at an executor.
 *
 * @param plan as it is sent: its life covers the wait before anybody looks
 * @param name unique among all plans
 * @param aim whose requests it means
 * @param begunNanos when the executor was first told, by the clock of the client
 */
record Applied(FaultPlan plan, String name, Aim aim, long begunNanos) {

  /** Whether it may have ended by itself, as it was to. */
  boolean isOver(long nowNanos) {
    return nowNanos - begunNanos >= PlanPolicies.life(plan).toNanos();
  }

  /** A complaint that it ended before it was to. */
  ExecutorException gone(String how) {
    return new ExecutorException(Code.FAULTS_GONE, "%s %s".formatted(name, how), null);
  }
}
