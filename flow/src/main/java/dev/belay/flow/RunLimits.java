package dev.belay.flow;

import dev.belay.Check;

/**
 * What a run may use up. Immutable.
 *
 * @param concurrency attempts at once, 1 to 100,000
 * @param cost US dollars of all tasks together, above 0
 * @param tokens of all tasks together, at least 1
 */
public record RunLimits(int concurrency, double cost, long tokens) {
  /** Four attempts at once, and as much money as it takes. */
  public static final RunLimits DEFAULT =
      new RunLimits(4, Double.POSITIVE_INFINITY, Long.MAX_VALUE);

  /** Rejects values out of range. */
  public RunLimits {
    Check.that(
        concurrency >= 1 && concurrency <= 100_000,
        "concurrency must be 1 to 100000, was %d",
        concurrency);
    Check.that(cost > 0, "cost must be above 0, was %s", cost);
    Check.that(tokens >= 1, "tokens must be at least 1, was %d", tokens);
  }

  /** Whether so much leaves something to use. */
  public boolean allow(Spend spend) {
    return spend.cost() < cost && spend.tokens() < tokens;
  }
}
