package dev.belay.chaos.inject.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.net.httpserver.Filter;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.FaultRequest;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.RuleSet;
import dev.belay.chaos.inject.Strike;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.Struck;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Faults that are in force in this process: for tests that want to see what their code does when a
 * call fails, and for trials that last milliseconds. They strike what goes through {@link #filter}
 * and {@link #client}, and are decided as those of fault proxies are. Safe for any number of
 * threads.
 */
public final class LocalFaults {
  private static final int REMEMBERED = 10_000;

  private final Time time;
  private final Optional<LiveRules> told;
  private final Consumer<StrikeReceipt> further;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile RuleSet rules;

  @GuardedBy("lock")
  private final List<RuleSet.Since> policies = new ArrayList<>();

  @GuardedBy("lock")
  private final Deque<StrikeReceipt> receipts = new ArrayDeque<>();

  /**
   * None in force; {@link #put} and {@link #apply} put some.
   *
   * @param time delays wait by it, and policies end by it
   * @param random throws the dice of percentages; safe for as many threads as ask
   */
  public LocalFaults(Time time, RandomGenerator random) {
    this(Optional.empty(), RuleSet.none(time, random), time, receipt -> {});
  }

  private LocalFaults(
      Optional<LiveRules> told, RuleSet rules, Time time, Consumer<StrikeReceipt> further) {
    this.told = told;
    this.rules = rules;
    this.time = time;
    this.further = further;
  }

  /**
   * Those that somebody else puts in force, such as a control plane over {@link
   * dev.belay.chaos.inject.plane.ControlLink}; what is put here besides does not strike.
   *
   * @param receipts told of each strike, besides {@link #receipts}; must not block
   */
  public static LocalFaults told(LiveRules rules, Consumer<StrikeReceipt> receipts, Time time) {
    return new LocalFaults(
        Optional.of(rules), RuleSet.none(time, new java.util.SplittableRandom(0)), time, receipts);
  }

  /** Puts a policy in force, in place of one of that name. */
  public void put(Policy policy) {
    lock.lock();
    try {
      policies.removeIf(one -> one.policy().name().equals(policy.name()));
      policies.add(new RuleSet.Since(policy, time.nanos()));
      rules = rules.with(policies);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a plan in force, in place of whatever else is; all its faults that mean a request strike
   * it. Receipts name them by their number.
   */
  public void apply(FaultPlan plan) {
    lock.lock();
    try {
      clear();
      if (plan.size() > 0) {
        put(PlanPolicies.whole(plan, Policy.Metadata.named("plan"), Aim.EVERYBODY));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes back all that was put here. Receipts stay. */
  public void clear() {
    lock.lock();
    try {
      policies.clear();
      rules = rules.with(policies);
    } finally {
      lock.unlock();
    }
  }

  /** What was struck so far, the last 10,000, in the order in which it was. */
  public List<StrikeReceipt> receipts() {
    lock.lock();
    try {
      return List.copyOf(receipts);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A filter for the contexts of a server of the JDK. A reset or a cut body ends the connection
   * when the handler is done, so handlers must answer before they return.
   *
   * @param service the name under which faults mean this server
   */
  public Filter filter(String service) {
    return new FaultFilter(this, service);
  }

  /**
   * A client whose calls are struck, and which otherwise does what another one does. What it throws
   * for a reset is what a reset connection makes a client throw.
   *
   * @param caller the name under which faults mean who calls
   * @param services which service an address belongs to
   */
  public HttpClient client(HttpClient client, String caller, Function<URI, String> services) {
    return new FaultClient(this, client, caller, services);
  }

  Time time() {
    return time;
  }

  /** What happens to a request; to be asked once. */
  Optional<Struck> struck(FaultRequest request) {
    List<Strike> strikes = told.isPresent() ? told.get().strikes(request) : rules.strikes(request);
    if (strikes.isEmpty()) {
      return Optional.empty();
    }
    Struck struck = Struck.of(strikes, request, time.instant());
    struck.receipts().forEach(this::remember);
    return Optional.of(struck);
  }

  private void remember(StrikeReceipt receipt) {
    lock.lock();
    try {
      if (receipts.size() == REMEMBERED) {
        receipts.removeFirst();
      }
      receipts.addLast(receipt);
    } finally {
      lock.unlock();
    }
    further.accept(receipt);
  }
}
