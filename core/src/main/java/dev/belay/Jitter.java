package dev.belay;

import java.util.random.RandomGenerator;

/**
 * How a wait is spread, so that callers that failed together do not come back together. Every kind
 * draws from a range that ends at the cap: no wait is above it, and none collapses onto it.
 */
public enum Jitter {
  /** Not at all. */
  NONE,
  /** Between half and one and a half times the wait. */
  PROPORTIONAL,
  /** Between half the wait and the wait. */
  EQUAL,
  /** Between zero and the wait. */
  FULL,
  /**
   * Between the base delay and three times the wait before; the shape of the backoff plays no part.
   * Source: Marc Brooker, "Exponential Backoff And Jitter", 2015.
   */
  DECORRELATED;

  /**
   * One draw.
   *
   * @param delay the wait without jitter, at most {@code cap}
   * @param previous the wait before this one, or {@code base} for the first
   */
  long spread(long delay, long base, long previous, long cap, RandomGenerator random) {
    return switch (this) {
      case NONE -> delay;
      case PROPORTIONAL -> between(delay / 2, Math.min(Nanos.plus(delay, delay / 2), cap), random);
      case EQUAL -> between(delay / 2, delay, random);
      case FULL -> between(1, delay, random);
      case DECORRELATED -> {
        long high = Math.min(cap, Nanos.ofDouble(3.0 * previous));
        yield between(base < high ? base : high / 2, high, random);
      }
    };
  }

  /** Uniform from {@code low} to below {@code high}, and never 0 where there is room above it. */
  private static long between(long low, long high, RandomGenerator random) {
    long from = Math.min(Math.max(low, 1), high);
    return from == high ? high : from + random.nextLong(high - from);
  }
}
