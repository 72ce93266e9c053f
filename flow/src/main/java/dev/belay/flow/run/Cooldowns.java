package dev.belay.flow.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.flow.Cooldown;
import dev.belay.flow.backend.UsageLimit;
import dev.belay.flow.journal.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Accounts that have used up what they may, and until when. Known to all runs, and to the store, so
 * that a restart does not forget them. Safe for any number of threads.
 */
final class Cooldowns {

  /**
   * How long an account rests.
   *
   * @param marginLow added at least to the time that was said, since clocks differ
   * @param marginHigh added at most, so that not all come back at once
   * @param least a rest is never shorter
   * @param most nor longer
   * @param mostOfWeek but where the limit is one of a week
   * @param otherwise where no time was said
   */
  record Rules(
      Duration marginLow,
      Duration marginHigh,
      Duration least,
      Duration most,
      Duration mostOfWeek,
      Duration otherwise) {
    static final Rules DEFAULT =
        new Rules(
            Duration.ofSeconds(60),
            Duration.ofSeconds(90),
            Duration.ofSeconds(60),
            Duration.ofHours(24),
            Duration.ofDays(8),
            Duration.ofMinutes(15));
  }

  private final RunStore store;
  private final Time time;
  private final RandomGenerator random;
  private final Rules rules;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Cooldown> known = new HashMap<>();

  Cooldowns(RunStore store, Time time, RandomGenerator random, Rules rules) {
    this.store = store;
    this.time = time;
    this.random = random;
    this.rules = rules;
    store.cooldowns().forEach(cooldown -> known.put(cooldown.account(), cooldown));
  }

  /** Reads again what other processes may have changed; whether an account rests no more. */
  @CanIgnoreReturnValue
  boolean refresh() {
    List<Cooldown> stored = store.cooldowns();
    lock.lock();
    try {
      int before = known.size();
      known
          .keySet()
          .removeIf(
              account -> stored.stream().noneMatch(cooldown -> cooldown.account().equals(account)));
      boolean fewer = known.size() < before;
      stored.forEach(cooldown -> known.put(cooldown.account(), cooldown));
      return fewer;
    } finally {
      lock.unlock();
    }
  }

  /** Until when an account rests; empty if it does not. */
  Optional<Cooldown> of(String account) {
    lock.lock();
    try {
      return Optional.ofNullable(known.get(account))
          .filter(cooldown -> cooldown.until().isAfter(time.instant()));
    } finally {
      lock.unlock();
    }
  }

  /** All accounts that rest. */
  List<Cooldown> all() {
    lock.lock();
    try {
      Instant now = time.instant();
      return known.values().stream().filter(cooldown -> cooldown.until().isAfter(now)).toList();
    } finally {
      lock.unlock();
    }
  }

  /** An account has used up what it may. */
  Cooldown raise(String account, Optional<UsageLimit> limit, String reason) {
    Cooldown next =
        new Cooldown(
            account,
            time.instant().plus(length(limit)),
            reason,
            limit
                .map(UsageLimit::source)
                .orElse(UsageLimit.Source.DEFAULT)
                .name()
                .toLowerCase(Locale.ROOT));
    store.raise(next); // first, or whoever reads the store again now would forget it
    lock.lock();
    try {
      return known.merge(
          account, next, (old, other) -> other.until().isAfter(old.until()) ? other : old);
    } finally {
      lock.unlock();
    }
  }

  private Duration length(Optional<UsageLimit> limit) {
    if (limit.isEmpty()) {
      return rules.otherwise;
    }
    long spread = Math.max(1, rules.marginHigh.minus(rules.marginLow).toNanos());
    Duration said =
        Duration.between(time.instant(), limit.get().until())
            .plus(rules.marginLow)
            .plusNanos(random.nextLong(spread));
    Duration most = isOfWeek(limit.get().kind()) ? rules.mostOfWeek : rules.most;
    return least(most, greatest(rules.least, said));
  }

  private static boolean isOfWeek(String kind) {
    return kind.contains("seven_day") || kind.contains("week");
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration greatest(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Goes on before its time; false if it did not rest. */
  boolean end(String account) {
    refresh(); // it may have been another process that was refused
    boolean rested;
    lock.lock();
    try {
      rested = known.remove(account) != null;
    } finally {
      lock.unlock();
    }
    store.endCooldown(account);
    return rested;
  }
}
