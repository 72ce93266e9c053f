package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.time.Instant;

/**
 * Where a call stands after an attempt has failed. Immutable.
 *
 * @param provider the user's word for it
 * @param error what it said
 * @param failure how many attempts of this call ended in an error of this kind before, 0 or more
 * @param left until the call's deadline, 0 or more
 * @param now the wall clock, for what is said to people
 */
public record Situation(
    String provider, ProviderError error, int failure, Duration left, Instant now) {
  /** Rejects negative numbers. */
  public Situation {
    requireNonNull(provider, "provider");
    requireNonNull(error, "error");
    requireNonNull(now, "now");
    Check.that(failure >= 0, "failure must be 0 or more, was %d", failure);
    Check.that(!left.isNegative(), "left must be 0 or more, was %s", left);
  }
}
