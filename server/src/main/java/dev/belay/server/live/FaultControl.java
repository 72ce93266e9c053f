package dev.belay.server.live;

import dev.belay.Time;
import dev.belay.chaos.inject.Agents;
import dev.belay.chaos.inject.AppliedFaults;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.chaos.inject.Receipts;
import java.security.SecureRandom;

/**
 * The faults in force, and what data planes say of them.
 *
 * @param policies what is in force
 * @param agents the data planes
 * @param receipts what they struck
 * @param applied faults that are asked for as such
 */
public record FaultControl(
    FaultPolicies policies, Agents agents, Receipts receipts, AppliedFaults applied) {

  /** Nothing in force yet. */
  public static FaultControl of(FaultPolicyStore store, Time time) {
    FaultPolicies policies =
        new FaultPolicies(store, time, task -> Thread.ofVirtual().name("belay-faults").start(task));
    Agents agents = new Agents(time);
    return new FaultControl(
        policies,
        agents,
        new Receipts(),
        new AppliedFaults(policies, agents, time, new SecureRandom()));
  }
}
