package dev.belay.chaos.inject.client;

import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import java.util.List;

/**
 * Published executors: policies are put and deleted, and nobody says when they are in force. Each
 * policy has a duration, because an executor that fails may never hear that it is to be deleted.
 */
final class PolicyMode implements FaultMode {
  private static final String PATH = "/v1/policies";

  private final GuardedWire wire;
  private final ExecutorSettings settings;
  private final Time time;

  PolicyMode(GuardedWire wire, ExecutorSettings settings, Time time) {
    this.wire = wire;
    this.settings = settings;
    this.time = time;
  }

  private List<Policy> policies(FaultPlan plan, String name, Aim aim) throws ExecutorException {
    try {
      return PlanPolicies.plain(plan, name, aim);
    } catch (IllegalArgumentException tooMuch) {
      throw new ExecutorException(
          Code.EXECUTOR_REFUSED, String.valueOf(tooMuch.getMessage()), tooMuch);
    }
  }

  @Override
  public void apply(FaultPlan plan, String name, Aim aim)
      throws ExecutorException, InterruptedException {
    for (Policy policy : policies(plan, name, aim)) {
      // 201 is what published ones say, and 200 what their own clients expect
      Answers.good(wire.call(Wire.Ask.post(PATH, PolicyDocument.json(policy))));
    }
    time.sleep(settings.settle().toNanos());
  }

  @Override
  public void remove(FaultPlan plan, String name) throws ExecutorException, InterruptedException {
    for (Policy policy : policies(plan, name, settings.aim())) {
      Answers.goodOrMissing(wire.insist(Wire.Ask.delete(PATH + "/" + policy.name())));
    }
  }

  /** There are no leases here. */
  @Override
  public void renew(String name) {}

  /** Nothing else is known here. */
  @Override
  public Observation complete(Observation seen, String name) {
    return seen;
  }
}
