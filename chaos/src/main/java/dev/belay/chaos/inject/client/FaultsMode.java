package dev.belay.chaos.inject.client;

import dev.belay.Time;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
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
  private static final int MISSING = 404;
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
  public void apply(Applied applied) throws ExecutorException, InterruptedException {
    Policy policy =
        PlanPolicies.whole(
            applied.plan(),
            new Policy.Metadata(
                applied.name(), "", 0, settings.owner(), Optional.of(settings.lease())),
            applied.aim());
    String body = Json.write(Map.of("policy", PolicyDocument.write(policy)));
    Tree answer = Answers.tree(wire.call(Wire.Ask.post("/v1/faults/apply", body)));
    if (!"applied".equals(answer.maybeText("status").orElse(""))) {
      throw new ExecutorException(
          Code.EXECUTOR_REFUSED,
          "the executor did not apply the plan: " + answer.maybeText("message").orElse(""),
          null);
    }
  }

  @Override
  public void settle(Applied applied) throws ExecutorException, InterruptedException {
    awaitDataPlanes(applied);
    time.sleep(settings.settle().toNanos());
  }

  /** One that does not catch up in time is no reason to fail: receipts tell what was struck. */
  private void awaitDataPlanes(Applied applied) throws ExecutorException, InterruptedException {
    long begun = time.nanos();
    while (!haveCaughtUp(applied) && time.nanos() - begun < PROPAGATION.toNanos()) {
      time.sleep(LOOK_NANOS);
    }
  }

  private boolean haveCaughtUp(Applied applied) throws ExecutorException, InterruptedException {
    Wire.Answer answer = wire.call(Wire.Ask.get("/v1/faults/" + applied.name() + "/status"));
    if (isGone(answer, applied)) {
      return true; // there is nothing to wait for
    }
    Tree status = Answers.tree(answer);
    try {
      long there = status.maybeWhole("agents", 0, Integer.MAX_VALUE).orElse(0);
      return status.maybeWhole("applied_by", 0, Integer.MAX_VALUE).orElse(there) >= there;
    } catch (WireException wrong) {
      throw Answers.unreadable(wrong);
    }
  }

  /**
   * Whether the executor does not know a plan any more: it forgets those that end by themselves,
   * and remembers those that were taken back.
   *
   * @throws ExecutorException if it does not, although the plan was to be in force still
   */
  private boolean isGone(Wire.Answer answer, Applied applied) throws ExecutorException {
    boolean gone = answer.status() == MISSING;
    if (gone && !applied.isOver(time.nanos())) {
      throw applied.gone("ended before its time; its lease may have run out");
    }
    return gone;
  }

  @Override
  public void remove(Applied applied) throws ExecutorException, InterruptedException {
    Answers.goodOrMissing(wire.insist(Wire.Ask.delete("/v1/faults/" + applied.name())));
  }

  @Override
  public void renew(Applied applied) throws ExecutorException, InterruptedException {
    Wire.Answer answer =
        wire.callOnce(Wire.Ask.post("/v1/policies/" + applied.name() + "/lease", "{}"));
    if (!isGone(answer, applied)) {
      Answers.good(answer);
    }
  }

  /** Data planes send what they struck before they say that they struck for the last time. */
  @Override
  public Observation complete(Observation seen, Applied applied)
      throws ExecutorException, InterruptedException {
    awaitDataPlanes(applied);
    Wire.Answer answer = wire.call(Wire.Ask.get("/v1/faults/" + applied.name() + "/metrics"));
    if (isGone(answer, applied)) {
      return seen;
    }
    Tree metrics = Answers.tree(answer);
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
      throw Answers.unreadable(wrong);
    }
  }

  @Override
  public void sweep() throws ExecutorException, InterruptedException {
    Answers.good(wire.insist(Wire.Ask.delete("/v1/policies?owner=" + settings.owner())));
  }
}
