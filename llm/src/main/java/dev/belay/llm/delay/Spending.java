package dev.belay.llm.delay;

import dev.belay.Check;
import java.time.Duration;

/**
 * What one call may cost in all. Immutable.
 *
 * @param attempts attempts of all kinds together, 1 to 10
 * @param deadline from the beginning to the end, above 0 and at most 365 days
 * @param retryRatio retries for each call that begins, over all calls, 0 to 10
 * @param tokens 0 or more; 0 is no limit
 * @param costUsd dollars, 0 or more; 0 is no limit
 */
public record Spending(
    int attempts, Duration deadline, double retryRatio, long tokens, double costUsd) {
  /** Rejects values out of range. */
  public Spending {
    Check.that(attempts >= 1 && attempts <= 10, "attempts must be 1 to 10, was %d", attempts);
    Check.that(
        deadline.isPositive() && deadline.compareTo(Duration.ofDays(365)) <= 0,
        "deadline must be above 0 and at most 365d, was %s",
        deadline);
    Check.that(
        retryRatio >= 0 && retryRatio <= 10, "retry_ratio must be 0 to 10, was %s", retryRatio);
    Check.that(tokens >= 0, "tokens must be 0 or more, was %d", tokens);
    Check.that(costUsd >= 0 && costUsd <= 1e9, "cost_usd must be 0 to 1000000000, was %s", costUsd);
  }
}
