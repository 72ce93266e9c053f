package dev.belay.chaos.inject.client;

import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Executors of this project: a plan is one unit, its data planes say when it is in force and when
 * it is not any more, and what was struck is known by receipts.
 */
final class FaultsMode implements FaultMode {
  private static final Duration PROPAGATION = Duration.ofSeconds(5);
  private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

  private final GuardedWire wire;
  private final ExecutorSettings settings;
  private final Time time;

  FaultsMode(GuardedWire wire, ExecutorSettings settings, Time time) {
    this.wire = wire;
    this.settings = settings;
    this.time = time;
  }

  @Override
  public void apply(FaultPlan plan, String name, Aim aim)
      throws ExecutorException, InterruptedException {
    Policy policy =
        PlanPolicies.whole(
            plan,
            new Policy.Metadata(name, "", 0, settings.owner(), Optional.of(settings.lease())),
            aim);
    String body = Json.write(Map.of("policy", PolicyDocument.write(policy)));
    Tree applied = Answers.tree(wire.call(Wire.Ask.post("/v1/faults/apply", body)));
    if (!"applied".equals(applied.maybeText("status").orElse(""))) {
      throw new ExecutorException(
          Code.EXECUTOR_REFUSED,
          "the executor did not apply the plan: " + applied.maybeText("message").orElse(""),
          null);
    }
    awaitDataPlanes(name);
    time.sleep(settings.settle().toNanos());
  }

  /** One that does not catch up in time is no reason to fail: receipts tell what was struck. */
  private void awaitDataPlanes(String name) throws ExecutorException, InterruptedException {
    long begun = time.nanos();
    while (!haveCaughtUp(name) && time.nanos() - begun < PROPAGATION.toNanos()) {
      time.sleep(LOOK_NANOS);
    }
  }

  private boolean haveCaughtUp(String name) throws ExecutorException, InterruptedException {
    Wire.Answer answer = wire.call(Wire.Ask.get("/v1/faults/" + name + "/status"));
    if (answer.status() == 404) {
      return true; // there is nothing to wait for
    }
    Tree status = Answers.tree(answer);
    try {
      long there = status.maybeWhole("agents", 0, Integer.MAX_VALUE).orElse(0);
      return status.maybeWhole("applied_by", 0, Integer.MAX_VALUE).orElse(there) >= there;
    } catch (WireException wrong) {
      throw unreadable(wrong);
    }
  }

  private static ExecutorException unreadable(WireException wrong) {
    return new ExecutorException(
        Code.EXECUTOR_REFUSED, "the executor's answer is not right: " + wrong.getMessage(), wrong);
  }

  @Override
  public void remove(FaultPlan plan, String name) throws ExecutorException, InterruptedException {
    Answers.goodOrMissing(wire.insist(Wire.Ask.delete("/v1/faults/" + name)));
  }

  @Override
  public void renew(String name) throws ExecutorException, InterruptedException {
    Wire.Answer unused =
        Answers.good(wire.callOnce(Wire.Ask.post("/v1/policies/" + name + "/lease", "{}")));
  }

  /** Data planes send what they struck before they say that they struck for the last time. */
  @Override
  public Observation complete(Observation seen, String name)
      throws ExecutorException, InterruptedException {
    awaitDataPlanes(name);
    Tree metrics = Answers.tree(wire.call(Wire.Ask.get("/v1/faults/" + name + "/metrics")));
    try {
      List<Receipt> receipts =
          metrics.trees("receipts").stream()
              .map(StrikeReceipt::read)
              .map(StrikeReceipt::receipt)
              .toList();
      return receipts.isEmpty()
          ? seen
          : new Observation(
              seen.endpoint(),
              seen.reply(),
              seen.logs(),
              seen.trace(),
              receipts,
              seen.invariants(),
              seen.at());
    } catch (WireException wrong) {
      throw unreadable(wrong);
    }
  }
}
