package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Backoff;
import dev.belay.Check;
import dev.belay.Jitter;
import dev.belay.Pace;
import java.time.Duration;

/**
 * How one kind of failure is tried again where the provider gives no hint. Immutable.
 *
 * @param base the first wait, above 0 and at most an hour
 * @param factor growth from one wait to the next, 1 to 10
 * @param cap no wait is longer, above 0 and at most a day
 * @param jitter how waits are spread
 * @param attempts attempts of one call that may end in this kind, 1 to 10; 1 means that it is not
 *     tried again
 * @param fallbackAfter after so many, go elsewhere if there is an elsewhere; 0 for never
 * @param firstAtOnce whether the first retry waits for nothing
 */
public record ClassRule(
    Duration base,
    double factor,
    Duration cap,
    Jitter jitter,
    int attempts,
    int fallbackAfter,
    boolean firstAtOnce) {
  private static final int MOST_ATTEMPTS = 10;

  /** Rejects values out of range. */
  public ClassRule {
    requireNonNull(jitter, "jitter");
    Check.that(
        base.isPositive() && base.compareTo(Duration.ofHours(1)) <= 0,
        "base must be above 0 and at most 1h, was %s",
        base);
    Check.that(factor >= 1 && factor <= 10, "factor must be 1 to 10, was %s", factor);
    Check.that(
        cap.isPositive() && cap.compareTo(Duration.ofDays(1)) <= 0,
        "cap must be above 0 and at most 1d, was %s",
        cap);
    Check.that(
        attempts >= 1 && attempts <= MOST_ATTEMPTS,
        "attempts must be 1 to %d, was %d",
        MOST_ATTEMPTS,
        attempts);
    Check.that(
        fallbackAfter >= 0 && fallbackAfter <= MOST_ATTEMPTS,
        "fallback_after must be 0 to %d, was %d",
        MOST_ATTEMPTS,
        fallbackAfter);
  }

  /** The same with another first wait. */
  public ClassRule withBase(Duration base) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The same with another growth. */
  public ClassRule withFactor(double factor) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The same with another longest wait. */
  public ClassRule withCap(Duration cap) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The same spread differently. */
  public ClassRule withJitter(Jitter jitter) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The same with another number of attempts. */
  public ClassRule withAttempts(int attempts) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The same that goes elsewhere sooner or later. */
  public ClassRule withFallbackAfter(int fallbackAfter) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The same that waits for nothing first, or does. */
  public ClassRule withFirstAtOnce(boolean firstAtOnce) {
    return new ClassRule(base, factor, cap, jitter, attempts, fallbackAfter, firstAtOnce);
  }

  /** The waits, for {@code core}. */
  Backoff backoff() {
    Backoff waits =
        factor > 1
            ? Backoff.exponential(base).withMultiplier(factor)
            : Backoff.of(Backoff.Shape.FIXED, base);
    Backoff bounded = waits.withCap(cap);
    return firstAtOnce
        ? Backoff.custom(n -> n == 0 ? Duration.ZERO : bounded.delay(n - 1))
            .withCap(cap)
            .withJitter(jitter)
        : bounded.withJitter(jitter);
  }

  /** Waits and attempts, for {@code core}. */
  Pace pace(String name) {
    return new Pace(name, backoff(), attempts);
  }
}
