package dev.belay;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bucket of tokens that bounds retries and hedges together, so that an outage is not answered by
 * a flood. Each call puts in a share of a token, each retry or hedge takes a whole one, and a small
 * reserve trickles in with time. Safe for any number of threads; on a full bucket a call costs one
 * read.
 *
 * <p>After the throttle of gRPC (proposal A6) and the retry budget of Finagle.
 */
public final class RetryBudget {
  private static final long TOKEN = 1_000;
  private static final long SECOND = 1_000_000_000;
  private static final int UNLIMITED = 1_000_000;

  private final Time time;
  private final long depositMillis;
  private final double reservePerSecond;
  private final long fullMillis;
  private final boolean unlimited;
  private final AtomicLong millis;
  private final AtomicLong refilledAt;
  private final LongAdder refused = new LongAdder();

  private RetryBudget(Time time, double share, double reservePerSecond, int capacity) {
    requireNonNull(time, "time");
    Check.that(share >= 0 && share <= 10, "budget share must be 0 to 10, was %s", share);
    Check.that(
        reservePerSecond >= 0 && reservePerSecond <= 1e6,
        "budget reserve must be 0 to 1000000 a second, was %s",
        reservePerSecond);
    Check.that(
        capacity >= 1 && capacity <= UNLIMITED,
        "budget capacity must be 1 to 1000000 tokens, was %d",
        capacity);
    this.time = time;
    this.depositMillis = Math.round(share * TOKEN);
    this.reservePerSecond = reservePerSecond;
    this.fullMillis = capacity * TOKEN;
    this.unlimited = capacity == UNLIMITED;
    this.millis = new AtomicLong(fullMillis);
    this.refilledAt = new AtomicLong(time.coarseNanos());
  }

  /**
   * A full bucket.
   *
   * @param share tokens that each call puts in: 0.2 allows one retry for five calls, 0 to 10
   * @param reservePerSecond tokens that trickle in besides, 0 to 1,000,000
   * @param capacity the most it holds, 1 to 1,000,000 tokens; at 1,000,000 nothing is counted and
   *     nothing refused
   */
  public static RetryBudget of(double share, double reservePerSecond, int capacity, Time time) {
    return new RetryBudget(time, share, reservePerSecond, capacity);
  }

  /** One retry for five calls, ten a second besides, at most 100 saved up. */
  public static RetryBudget standard(Time time) {
    return of(0.2, 10, 100, time);
  }

  /** Never refuses. */
  public static RetryBudget unlimited() {
    return new RetryBudget(Time.system(), 0, 0, UNLIMITED);
  }

  /** Tells that a call begins. */
  void deposit() {
    if (depositMillis > 0 && millis.getOpaque() < fullMillis) {
      add(depositMillis);
    }
  }

  /** Takes a token for a retry or a hedge; false if there is none. */
  boolean withdraw() {
    if (unlimited) {
      return true;
    }
    refill();
    for (long now = millis.get(); now >= TOKEN; now = millis.get()) {
      if (millis.compareAndSet(now, now - TOKEN)) {
        return true;
      }
    }
    refused.increment();
    return false;
  }

  /** Gives a token back for which no attempt was made. */
  void giveBack() {
    if (!unlimited) {
      add(TOKEN);
    }
  }

  /** Whole tokens left. */
  public int available() {
    refill();
    return (int) (millis.get() / TOKEN);
  }

  /** How often a retry or hedge was refused since the start. */
  public long refusals() {
    return refused.sum();
  }

  private void refill() {
    long last = refilledAt.get();
    long now = time.coarseNanos();
    long earned = (long) ((double) (now - last) / SECOND * reservePerSecond * TOKEN);
    if (earned > 0 && refilledAt.compareAndSet(last, now)) {
      add(earned);
    }
  }

  private void add(long amount) {
    for (long now = millis.get(); now < fullMillis; now = millis.get()) {
      if (millis.compareAndSet(now, Math.min(fullMillis, now + amount))) {
        return;
      }
    }
  }
}
