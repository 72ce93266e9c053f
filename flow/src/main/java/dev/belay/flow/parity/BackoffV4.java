package dev.belay.flow.parity;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.flow.ParityRules;
import java.util.random.RandomGenerator;

/**
 * The exponential backoff of cenkalti/backoff v4.3.0. Made for one call, by one thread at a time.
 *
 * <p>A wait is drawn from {@code [current − δ, current + δ]} with {@code δ = factor · current}, so
 * that it may be longer than the longest interval; then the interval grows; then a wait that would
 * end after the time is over is given up.
 */
public final class BackoffV4 {
  /** What {@link #next} returns when there is to be no other attempt. */
  public static final long STOP = -1;

  private final long initial;
  private final double multiplier;
  private final double factor;
  private final long maxInterval;
  private final long maxElapsed;
  private final Time time;
  private final RandomGenerator random;
  private long current;
  private long start;

  /** One that begins now. */
  public BackoffV4(ParityRules rules, Time time, RandomGenerator random) {
    initial = rules.initial().toNanos();
    multiplier = rules.multiplier();
    factor = rules.factor();
    maxInterval = rules.maxInterval().toNanos();
    maxElapsed = rules.maxElapsed().toNanos();
    this.time = requireNonNull(time, "time");
    this.random = requireNonNull(random, "random");
    reset();
  }

  /** Begins afresh: the first interval, and time from now on. */
  public void reset() {
    current = initial;
    start = time.nanos();
  }

  /** Nanoseconds to wait before the next attempt, or {@link #STOP}. */
  public long next() {
    long elapsed = time.nanos() - start;
    long wait = draw();
    grow();
    return maxElapsed != 0 && elapsed + wait > maxElapsed ? STOP : wait;
  }

  private long draw() {
    double at = random.nextDouble();
    if (factor == 0) {
      return current;
    }
    double spread = factor * current;
    double least = current - spread;
    double most = current + spread;
    return (long) (least + at * (most - least + 1));
  }

  private void grow() {
    current = current >= maxInterval / multiplier ? maxInterval : (long) (current * multiplier);
  }
}
