package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;

/**
 * What a task may use up. Immutable.
 *
 * @param timeout how long one attempt may take, above 0 and at most 7 days
 * @param idleTimeout how long an attempt may give no sign of life, above 0 and at most 7 days
 * @param cost US dollars of all attempts together, above 0
 * @param tokens of all attempts together, at least 1
 */
public record TaskLimits(Duration timeout, Duration idleTimeout, double cost, long tokens) {
  private static final Duration LONGEST = Duration.ofDays(7);

  /** Two hours, a quarter of an hour without a sign of life, as much money as it takes. */
  public static final TaskLimits DEFAULT =
      new TaskLimits(
          Duration.ofHours(2), Duration.ofMinutes(15), Double.POSITIVE_INFINITY, Long.MAX_VALUE);

  /** Rejects values out of range. */
  public TaskLimits {
    checkLength("timeout", timeout);
    checkLength("idle_timeout", idleTimeout);
    Check.that(cost > 0, "cost must be above 0, was %s", cost);
    Check.that(tokens >= 1, "tokens must be at least 1, was %d", tokens);
  }

  private static void checkLength(String name, Duration length) {
    requireNonNull(length, name);
    Check.that(
        length.isPositive() && length.compareTo(LONGEST) <= 0,
        "%s must be above 0 and at most 7 days, was %s",
        name,
        length);
  }

  /** Whether so much is within what all attempts may use together. */
  public boolean allow(Spend spend) {
    return spend.cost() < cost && spend.tokens() < tokens;
  }
}
