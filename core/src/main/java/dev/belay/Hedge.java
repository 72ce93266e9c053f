package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A second attempt that starts while the first one is still running, because the first is slow. The
 * first good answer wins and the others are cancelled. Each hedge is an attempt of the policy and
 * takes a token of the retry budget; calls that may not be repeated are never hedged. Immutable.
 *
 * @param extra how many more attempts may run beside the first, 0 (off) to 3
 * @param delay how long the latest attempt may run before the next one joins it; with a percentile,
 *     the least such delay
 * @param percentile share of recent attempts at the same {@link Call#target target} that were
 *     faster than the delay, 0 (the delay is fixed) to below 1; 0.95 means that about one call in
 *     twenty is hedged
 */
public record Hedge(int extra, Duration delay, double percentile) {

  /** No hedging. */
  public static final Hedge OFF = new Hedge(0, Duration.ofDays(1), 0);

  /** Rejects values out of range. */
  public Hedge {
    requireNonNull(delay, "delay");
    Check.that(extra >= 0 && extra <= 3, "hedge must be 0 to 3 extra attempts, was %d", extra);
    Check.that(
        !delay.isNegative() && delay.compareTo(Duration.ofDays(1)) <= 0,
        "hedge delay must be 0 to 1 day, was %s",
        delay);
    Check.that(
        percentile >= 0 && percentile < 1,
        "hedge percentile must be at least 0 and below 1, was %s",
        percentile);
  }

  /** One more attempt after {@code delay}. */
  public static Hedge after(Duration delay) {
    return new Hedge(1, delay, 0);
  }

  /**
   * One more attempt once this one is slower than a share of the recent ones.
   *
   * @param percentile 0.95, say
   * @param least never sooner than this; also the delay until 20 attempts at the target have been
   *     seen
   */
  public static Hedge percentile(double percentile, Duration least) {
    return new Hedge(1, least, percentile);
  }

  /** Whether it ever adds an attempt. */
  public boolean isOn() {
    return extra > 0;
  }
}
