package dev.belay.chaos.inject.client;

import dev.belay.Time;
import dev.belay.chaos.Observation;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import java.util.List;
import java.util.regex.Pattern;

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

  private List<Policy> policies(Applied applied) throws ExecutorException {
    try {
      return PlanPolicies.plain(applied.plan(), applied.name(), applied.aim());
    } catch (IllegalArgumentException tooMuch) {
      throw new ExecutorException(
          Code.EXECUTOR_REFUSED, String.valueOf(tooMuch.getMessage()), tooMuch);
    }
  }

  @Override
  public void apply(Applied applied) throws ExecutorException, InterruptedException {
    for (Policy policy : policies(applied)) {
      // 201 is what published ones say, and 200 what their own clients expect
      Answers.good(wire.call(Wire.Ask.post(PATH, PolicyDocument.json(policy))));
    }
  }

  @Override
  public void settle(Applied applied) throws InterruptedException {
    time.sleep(settings.settle().toNanos());
  }

  @Override
  public void remove(Applied applied) throws ExecutorException, InterruptedException {
    for (Policy policy : policies(applied)) {
      remove(policy.name());
    }
  }

  private void remove(String name) throws ExecutorException, InterruptedException {
    Answers.goodOrMissing(wire.insist(Wire.Ask.delete(PATH + "/" + name)));
  }

  /** There are no leases here. */
  @Override
  public void renew(Applied applied) {}

  /** Nothing else is known here. */
  @Override
  public Observation complete(Observation seen, Applied applied) {
    return seen;
  }

  /** Nobody owns a policy here, but names begin with their owner. */
  @Override
  public void sweep() throws ExecutorException, InterruptedException {
    Pattern ours = Pattern.compile(settings.owner() + "-[0-9a-f]{8}-[0-9]+(-[0-9]+)?");
    for (String name : names()) {
      if (ours.matcher(name).matches()) {
        remove(name);
      }
    }
  }

  private List<String> names() throws ExecutorException, InterruptedException {
    Tree all = Answers.tree(wire.insist(Wire.Ask.get(PATH)));
    try {
      return all.trees("policies").stream()
          .flatMap(policy -> policy.maybeTree("metadata").stream())
          .flatMap(metadata -> metadata.maybeText("name").stream())
          .toList();
    } catch (WireException wrong) {
      throw Answers.unreadable(wrong);
    }
  }
}
