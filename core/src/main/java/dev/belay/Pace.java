package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How one kind of failure is tried again, where it differs from what the policy says for all. A
 * rate limit wants other waits than a broken connection. Immutable.
 *
 * @param name failures of the same name count together, within one call; empty for {@link #POLICY}
 * @param backoff the waits after the first, second ... failure of this name
 * @param attempts attempts of one call that may end in it, 1 or more; the policy's limit holds
 *     besides
 */
public record Pace(String name, Backoff backoff, int attempts) {

  /** As the policy says. */
  public static final Pace POLICY =
      new Pace("", Backoff.exponential(Duration.ofSeconds(1)), Integer.MAX_VALUE);

  /** Rejects a number of attempts below 1. */
  public Pace {
    requireNonNull(name, "name");
    requireNonNull(backoff, "backoff");
    Check.that(attempts >= 1, "attempts must be 1 or more, was %d", attempts);
  }
}
