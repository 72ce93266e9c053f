package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;

/**
 * What is done with a provider's word on when to come back. Immutable.
 *
 * @param honored whether it counts at all
 * @param maxWait nobody sleeps longer for one, 0 to 365 days
 * @param overLimit what is done instead of sleeping longer
 */
public record HintRules(boolean honored, Duration maxWait, OverLimit overLimit) {

  /** What is done when a hint is longer than anybody sleeps. */
  public enum OverLimit {
    /** End the call now and say when to come back. */
    FAIL,
    /** Go elsewhere. */
    FALLBACK,
    /** Put the call away until then. */
    PARK
  }

  /** Rejects values out of range. */
  public HintRules {
    requireNonNull(overLimit, "overLimit");
    Check.that(
        !maxWait.isNegative() && maxWait.compareTo(Duration.ofDays(365)) <= 0,
        "max_hint_wait must be 0 to 365d, was %s",
        maxWait);
  }
}
