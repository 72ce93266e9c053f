package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import dev.belay.Check;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import java.time.Duration;

/**
 * How calls are made: what is being tried out. Immutable.
 *
 * @param policy retries and hedges
 * @param breaker when endpoints are left alone
 * @param breaks whether breakers open at all
 * @param budget how many retries there may be
 * @param strategy how endpoints are chosen
 * @param answerTimeout how long an attempt may take where the policy says nothing, above 0 and at
 *     most a day
 */
public record Rules(
    RetryPolicy policy,
    BreakerPolicy breaker,
    boolean breaks,
    Budget budget,
    Strategy strategy,
    Duration answerTimeout) {

  /** What the forward proxy does without settings. */
  public static final Rules DEFAULT =
      new Rules(
          RetryPolicy.DEFAULT,
          BreakerPolicy.DEFAULT,
          true,
          new Budget(1, 10, 1_000),
          Strategy.named("best-recent"),
          Duration.ofSeconds(60));

  /** Rejects values out of range. */
  public Rules {
    requireNonNull(policy, "policy");
    requireNonNull(breaker, "breaker");
    requireNonNull(budget, "budget");
    requireNonNull(strategy, "strategy");
    Check.that(
        answerTimeout.isPositive() && answerTimeout.compareTo(Latency.LONGEST) <= 0,
        "answer_timeout must be above 0 and at most a day, was %s",
        answerTimeout);
  }

  /**
   * A {@link RetryBudget} that has not begun; see {@link RetryBudget#of}.
   *
   * @param share tokens that each call puts in
   * @param reservePerSecond tokens that trickle in besides
   * @param capacity the most it holds
   */
  public record Budget(double share, double reservePerSecond, int capacity) {
    /** Never refuses. */
    public static final Budget UNLIMITED = new Budget(0, 0, 1_000_000);

    /** Rejects values out of range. */
    public Budget {
      var unused = RetryBudget.of(share, reservePerSecond, capacity, Time.system());
    }

    RetryBudget on(Time time) {
      return RetryBudget.of(share, reservePerSecond, capacity, time);
    }
  }

  /** The same under another policy. */
  public Rules withPolicy(RetryPolicy policy) {
    return new Rules(policy, breaker, breaks, budget, strategy, answerTimeout);
  }

  /** The same with breakers by this policy. */
  public Rules withBreaker(BreakerPolicy breaker) {
    return new Rules(policy, breaker, true, budget, strategy, answerTimeout);
  }

  /** The same with breakers that never open. */
  public Rules withoutBreakers() {
    return new Rules(policy, breaker, false, budget, strategy, answerTimeout);
  }

  /** The same with another budget. */
  public Rules withBudget(Budget budget) {
    return new Rules(policy, breaker, breaks, budget, strategy, answerTimeout);
  }

  /** The same with another way to choose. */
  public Rules withStrategy(Strategy strategy) {
    return new Rules(policy, breaker, breaks, budget, strategy, answerTimeout);
  }

  /** The same with another limit for attempts. */
  public Rules withAnswerTimeout(Duration answerTimeout) {
    return new Rules(policy, breaker, breaks, budget, strategy, answerTimeout);
  }

  /** The policy with the limit for attempts, as the forward proxy applies it. */
  RetryPolicy boundedPolicy() {
    return policy.attemptTimeout().compareTo(answerTimeout) <= 0
        ? policy
        : policy.toBuilder().attemptTimeout(answerTimeout).build();
  }
}
