package dev.belay.chaos.inject;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The rules that a data plane applies: the last ones that it was told, for as long as somebody
 * keeps telling. When nothing was heard for longer than the lease, none strikes any more, so that
 * no fault outlives the one who set it. A policy with a lease of its own ends with that, whatever
 * else is heard. Safe for any number of threads; asking takes no lock but when a lease is over.
 */
public final class LiveRules {
  private final Time time;
  private final long leaseNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile RuleSet rules;
  private volatile long heardNanos;
  private volatile long version = -1;

  /** When the first of the leases is over; none if there are none. */
  private volatile OptionalLong firstEnd = OptionalLong.empty();

  @GuardedBy("lock")
  private List<Leased> leased = List.of();

  /** Since when each policy is in force, by our clock. */
  @GuardedBy("lock")
  private Map<Key, Long> since = new HashMap<>();

  /** Two editions of one policy are two. */
  private record Key(Policy policy, long generation) {}

  /** A policy, and when its lease is over, if it has one. */
  private record Leased(RuleSet.Since policy, OptionalLong end) {}

  /**
   * None yet.
   *
   * @param random where the dice come from; safe for any number of threads
   * @param lease how long rules strike after the last word, more than 0
   */
  public LiveRules(Time time, RandomGenerator random, Duration lease) {
    Check.that(lease.isPositive(), "lease must be above 0, was %s", lease);
    this.time = time;
    this.leaseNanos = lease.toNanos();
    this.rules = RuleSet.none(time, random);
    this.heardNanos = time.nanos();
  }

  /**
   * Takes other rules, at once and in whole. Policies that stay as they were keep their counts.
   *
   * @param number which rules they are; -1 if that was not said
   */
  public void replace(long number, List<RuleFeed.Dated> policies) {
    lock.lock();
    try {
      long now = time.nanos();
      Map<Key, Long> next = new HashMap<>();
      List<Leased> all = new ArrayList<>();
      for (RuleFeed.Dated dated : policies) {
        Key key = new Key(dated.policy(), dated.generation());
        long from = since.getOrDefault(key, now - dated.age().toNanos());
        next.put(key, from);
        OptionalLong end =
            dated.left().isPresent()
                ? OptionalLong.of(now + dated.left().get().toNanos())
                : OptionalLong.empty();
        all.add(new Leased(new RuleSet.Since(dated.policy(), from), end));
      }
      since = next;
      use(all);
      version = number;
      heardNanos = now;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void use(List<Leased> policies) {
    leased = List.copyOf(policies);
    rules = rules.with(leased.stream().map(Leased::policy).toList());
    // the least by what is left, for the clock may begin anywhere
    long now = time.nanos();
    OptionalLong left =
        leased.stream()
            .map(Leased::end)
            .flatMapToLong(OptionalLong::stream)
            .map(end -> end - now)
            .min();
    firstEnd = left.isPresent() ? OptionalLong.of(now + left.getAsLong()) : left;
  }

  private static boolean isOver(OptionalLong end, long now) {
    return end.isPresent() && now - end.getAsLong() >= 0;
  }

  private void end() {
    lock.lock();
    try {
      long now = time.nanos();
      use(leased.stream().filter(policy -> !isOver(policy.end(), now)).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Somebody is still there: the rules stay. */
  public void heard() {
    heardNanos = time.nanos();
  }

  /** How long nothing was heard. */
  public Duration silent() {
    return Duration.ofNanos(Math.max(0, time.nanos() - heardNanos));
  }

  /** How long rules strike after the last word. */
  public Duration lease() {
    return Duration.ofNanos(leaseNanos);
  }

  /** Which rules they are; -1 before there are any, or if that was not said. */
  public long version() {
    return version;
  }

  /** What strikes a request; nothing in most cases. Throws the dice, so to be asked once. */
  public List<Strike> strikes(FaultRequest request) {
    if (rules.isEmpty()) {
      return List.of();
    }
    long now = time.nanos();
    if (now - heardNanos > leaseNanos) {
      return List.of();
    }
    if (isOver(firstEnd, now)) {
      end();
    }
    return rules.strikes(request);
  }
}
