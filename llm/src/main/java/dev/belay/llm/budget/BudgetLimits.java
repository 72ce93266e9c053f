package dev.belay.llm.budget;

import dev.belay.Check;

/**
 * The most that one call may use, with all its retries, corrections, fallbacks and judges together.
 * Immutable.
 *
 * @param attempts requests that are sent, of all sorts, 1 or more
 * @param retries attempts that repeat a request because the one before failed, 0 or more: with N of
 *     them a request is sent N + 1 times
 * @param corrections answers that are asked for again because they did not stand, 0 or more
 * @param tokens read and written, 0 or more; 0 is no limit
 * @param dollars 0 or more; 0 is no limit
 */
public record BudgetLimits(
    int attempts, int retries, int corrections, long tokens, double dollars) {
  private static final int ANY = Integer.MAX_VALUE;

  /** No limit but the deadline and those of the policies. */
  public static final BudgetLimits NONE = new BudgetLimits(ANY, ANY, ANY, 0, 0);

  /** Rejects values out of range. */
  public BudgetLimits {
    Check.that(attempts >= 1, "attempts must be 1 or more, was %d", attempts);
    Check.that(retries >= 0, "retries must be 0 or more, was %d", retries);
    Check.that(corrections >= 0, "corrections must be 0 or more, was %d", corrections);
    Check.that(tokens >= 0, "tokens must be 0 (no limit) or more, was %d", tokens);
    Check.that(
        dollars >= 0 && dollars <= 1e9, "dollars must be 0 (no limit) to 1e9, was %s", dollars);
  }

  /** The same with another number of requests. */
  public BudgetLimits withAttempts(int most) {
    return new BudgetLimits(most, retries, corrections, tokens, dollars);
  }

  /** The same with another number of repeated requests. */
  public BudgetLimits withRetries(int most) {
    return new BudgetLimits(attempts, most, corrections, tokens, dollars);
  }

  /** The same with another number of corrections. */
  public BudgetLimits withCorrections(int most) {
    return new BudgetLimits(attempts, retries, most, tokens, dollars);
  }

  /** The same with another number of tokens. */
  public BudgetLimits withTokens(long most) {
    return new BudgetLimits(attempts, retries, corrections, most, dollars);
  }

  /** The same with other money. */
  public BudgetLimits withDollars(double most) {
    return new BudgetLimits(attempts, retries, corrections, tokens, most);
  }
}
