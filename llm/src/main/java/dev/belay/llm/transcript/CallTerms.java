package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.budget.BudgetLimits;
import java.time.Duration;

/**
 * The rules under which a call was made. Immutable.
 *
 * @param policy the name of the waits: {@code interactive}, {@code batch} or {@code legacy}
 * @param deadline from the beginning to the end, above 0
 * @param ownDeadline whether the caller named the deadline; if not, it is that of the waits
 * @param corrections when answers are asked for again
 * @param limits what the call may use
 */
public record CallTerms(
    String policy,
    Duration deadline,
    boolean ownDeadline,
    CorrectionRules corrections,
    BudgetLimits limits) {
  /** Rejects a call without time. */
  public CallTerms {
    requireNonNull(policy, "policy");
    Check.that(deadline.isPositive(), "deadline must be above 0, was %s", deadline);
    requireNonNull(corrections, "corrections");
    requireNonNull(limits, "limits");
  }
}
