package dev.belay;

import java.time.Duration;

/** Arithmetic on lengths of time that stops at the ends instead of wrapping round. */
final class Nanos {
  /** A length that no run outlives: 292 years. */
  static final long FOREVER = Long.MAX_VALUE;

  private Nanos() {}

  static long of(Duration length) {
    try {
      return length.toNanos();
    } catch (ArithmeticException tooLong) {
      return length.isNegative() ? Long.MIN_VALUE : FOREVER;
    }
  }

  /** {@code a + b} for lengths of at least 0. */
  static long plus(long a, long b) {
    long sum = a + b;
    return sum < 0 ? FOREVER : sum;
  }

  /** The length {@code nanos} describes; what is not a number counts as 0. */
  static long ofDouble(double nanos) {
    return (long) Math.clamp(nanos, 0, (double) FOREVER);
  }

  static Duration duration(long nanos) {
    return Duration.ofNanos(nanos);
  }
}
