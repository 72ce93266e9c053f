package dev.belay.examples.executor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.inject.Actions;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.Rule;
import dev.belay.chaos.inject.RuleFault;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.chaos.inject.Selector;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.Timing;
import dev.belay.chaos.inject.plane.FaultPlane;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.inject.plane.PlaneSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * A fault proxy in front of an executor, which also says what was asked: for each operation it has
 * a rule that strikes every request, and does nothing to it. Safe for any number of threads.
 */
final class Wiretap implements AutoCloseable {
  /** A body is cut after so many bytes, that is never. */
  private static final Effect NOTHING = new Effect.Truncate(1L << 40);

  private static final List<Operation> OPERATIONS = List.of(Operation.values());

  private final LiveRules rules;
  private final FaultPlane plane;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<StrikeReceipt> receipts = new ArrayList<>();

  @GuardedBy("lock")
  private FaultPlan plan = FaultPlan.NONE;

  @GuardedBy("lock")
  private long version;

  /** What the proxy said of a plan so far. */
  private record Said(FaultPlan plan, List<StrikeReceipt> receipts) {}

  /** A request that came through. */
  record Heard(Operation operation, long atNanos) {}

  private Wiretap(LiveRules rules, PlaneSettings settings, Time time)
      throws IOException, InterruptedException {
    this.rules = rules;
    this.plane = FaultPlane.start(settings, rules, this::struck, time);
  }

  static Wiretap open(URI executor, Time time, RandomGenerator random)
      throws IOException, InterruptedException {
    Front front =
        new Front(
            Front.At.loopback(0),
            "executor",
            "",
            Optional.of(Operation.CLIENT),
            new Front.At(executor.getHost(), executor.getPort()));
    return new Wiretap(
        new LiveRules(time, random, Duration.ofDays(1)),
        PlaneSettings.of("wiretap", List.of(front)),
        time);
  }

  private void struck(StrikeReceipt receipt) {
    lock.lock();
    try {
      receipts.add(receipt);
    } finally {
      lock.unlock();
    }
  }

  /** Where a client finds the executor. */
  URI address() {
    return URI.create("http://127.0.0.1:%d".formatted(plane.ports().getFirst()));
  }

  /** Forgets what was asked, and puts a plan in force in place of the one before. */
  void begin(FaultPlan next) {
    lock.lock();
    try {
      plan = next;
      receipts.clear();
      version++;
      rules.replace(version, List.of(new RuleFeed.Dated(policy(next), version, Duration.ZERO)));
    } finally {
      lock.unlock();
    }
  }

  private static Policy policy(FaultPlan plan) {
    List<Rule> all = new ArrayList<>();
    for (Fault fault : plan.faults()) {
      all.add(
          new Rule(
              Operation.of(fault.edge()).match(),
              new RuleFault(
                  fault.percentage(),
                  new Timing(fault.startDelay(), Duration.ZERO, Duration.ZERO),
                  fault.hits(),
                  Actions.of(fault.effect()))));
    }
    for (Operation operation : OPERATIONS) {
      all.add(
          new Rule(
              operation.match(),
              new RuleFault(100, Timing.ALWAYS, Fault.Hits.ALL, Actions.of(NOTHING))));
    }
    return new Policy(Policy.Metadata.named("wiretap"), Selector.ANY, Policy.Apply.ALL, all);
  }

  /** What was struck by faults of the plan. */
  List<Receipt> receipts() {
    Said said = said();
    return said.receipts().stream()
        .filter(one -> one.rule() < said.plan().size())
        .map(one ->
            new Receipt(
                one.rule(),
                said.plan().faults().get(one.rule()).edge(),
                Optional.empty(),
                one.atNanos()))
        .toList();
  }

  /** All that was asked. */
  List<Heard> heard() {
    Said said = said();
    int faults = said.plan().size();
    return said.receipts().stream()
        .filter(one -> one.rule() >= faults)
        .map(one -> new Heard(OPERATIONS.get(one.rule() - faults), one.atNanos()))
        .toList();
  }

  private Said said() {
    lock.lock();
    try {
      return new Said(plan, List.copyOf(receipts));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    plane.close();
  }
}
