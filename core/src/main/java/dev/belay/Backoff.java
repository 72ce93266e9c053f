package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt. Immutable, safe for any number of threads.
 *
 * <p>The wait after failure {@code n}, counted from 0, is {@code base * multiplier^n} for {@link
 * Shape#EXPONENTIAL}, {@code base * (n + 1)} for {@link Shape#LINEAR}, {@code base} for {@link
 * Shape#FIXED} and {@code base * fib(n + 1)} for {@link Shape#FIBONACCI}; then at most {@code cap};
 * then spread by {@code jitter}, still at most {@code cap}. A cap below the base means that every
 * wait is the cap.
 *
 * @param shape how waits grow
 * @param base the first wait, above 0 and at most an hour
 * @param multiplier growth of {@link Shape#EXPONENTIAL}, above 1 and at most 10; others ignore it
 * @param cap no wait is longer, above 0 and at most a day
 * @param jitter how waits are spread
 * @param custom the waits of {@link Shape#CUSTOM}; others ignore it
 */
public record Backoff(
    Shape shape,
    Duration base,
    double multiplier,
    Duration cap,
    Jitter jitter,
    IntFunction<Duration> custom) {

  /** How waits grow from one failure to the next. */
  public enum Shape {
    /** By a factor each time. */
    EXPONENTIAL,
    /** By the base each time. */
    LINEAR,
    /** Not at all. */
    FIXED,
    /** As the Fibonacci numbers: 1, 1, 2, 3, 5 times the base. */
    FIBONACCI,
    /** As a function of the user's says. */
    CUSTOM
  }

  private static final Duration LONGEST_BASE = Duration.ofHours(1);
  private static final Duration LONGEST_CAP = Duration.ofDays(1);

  /** Rejects values out of range. */
  public Backoff {
    requireNonNull(shape, "shape");
    requireNonNull(jitter, "jitter");
    requireNonNull(custom, "custom");
    Check.that(
        base.isPositive() && base.compareTo(LONGEST_BASE) <= 0,
        "base_delay must be above 0 and at most %s, was %s",
        LONGEST_BASE,
        base);
    Check.that(
        multiplier > 1 && multiplier <= 10,
        "multiplier must be above 1 and at most 10, was %s",
        multiplier);
    Check.that(
        cap.isPositive() && cap.compareTo(LONGEST_CAP) <= 0,
        "max_backoff_delay must be above 0 and at most %s, was %s",
        LONGEST_CAP,
        cap);
  }

  /** Doubles from {@code base}, at most 30 s, no jitter. */
  public static Backoff exponential(Duration base) {
    return of(Shape.EXPONENTIAL, base);
  }

  /** Grows by {@code base} each time, at most 30 s, no jitter. */
  public static Backoff linear(Duration base) {
    return of(Shape.LINEAR, base);
  }

  /** Always {@code delay}, no jitter. */
  public static Backoff fixed(Duration delay) {
    return of(Shape.FIXED, delay).withCap(LONGEST_CAP);
  }

  /** 1, 1, 2, 3, 5 times {@code base}, at most 30 s, no jitter. */
  public static Backoff fibonacci(Duration base) {
    return of(Shape.FIBONACCI, base);
  }

  /**
   * Whatever {@code waits} says for the number of the failure, counted from 0; at most a day, no
   * jitter. A negative wait counts as none.
   */
  public static Backoff custom(IntFunction<Duration> waits) {
    return new Backoff(Shape.CUSTOM, Duration.ofSeconds(1), 2, LONGEST_CAP, Jitter.NONE, waits);
  }

  /** The default growth of a shape: factor 2, at most 30 s, no jitter. */
  public static Backoff of(Shape shape, Duration base) {
    return new Backoff(
        shape, base, 2, Duration.ofSeconds(30), Jitter.NONE, failure -> Duration.ZERO);
  }

  /** The same with another factor. */
  public Backoff withMultiplier(double multiplier) {
    return new Backoff(shape, base, multiplier, cap, jitter, custom);
  }

  /** The same with another longest wait. */
  public Backoff withCap(Duration cap) {
    return new Backoff(shape, base, multiplier, cap, jitter, custom);
  }

  /** The same with another spread. */
  public Backoff withJitter(Jitter jitter) {
    return new Backoff(shape, base, multiplier, cap, jitter, custom);
  }

  /**
   * The wait after a failure, without jitter.
   *
   * @param failure its number, counted from 0
   */
  public Duration delay(int failure) {
    return Nanos.duration(nanos(failure));
  }

  /**
   * One wait, with jitter, in nanoseconds.
   *
   * @param failure the number of the failure, counted from 0
   * @param previous the wait before, in nanoseconds; 0 for the first
   * @param random where the jitter comes from
   */
  public long draw(int failure, long previous, RandomGenerator random) {
    long first = Nanos.of(base);
    return jitter.spread(
        nanos(failure), first, previous > 0 ? previous : first, Nanos.of(cap), random);
  }

  private long nanos(int failure) {
    double first = Nanos.of(base);
    double grown =
        switch (shape) {
          case EXPONENTIAL -> first * Math.pow(multiplier, failure);
          case LINEAR -> first * (failure + 1.0);
          case FIXED -> first;
          case FIBONACCI -> first * fibonacci(failure);
          case CUSTOM -> Nanos.of(custom.apply(failure));
        };
    return Math.min(Nanos.ofDouble(grown), Nanos.of(cap));
  }

  /** 1, 1, 2, 3, 5 ...; past any cap long before a double loses its whole numbers. */
  private static double fibonacci(int n) {
    double now = 1;
    double before = 0;
    for (int i = 0; i < Math.min(n, 90); i++) {
      double next = now + before;
      before = now;
      now = next;
    }
    return now;
  }
}
