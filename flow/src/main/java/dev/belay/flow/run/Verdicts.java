package dev.belay.flow.run;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.flow.OutcomeClass;

/** What the engine makes of the ways in which an attempt can end. */
final class Verdicts {
  private Verdicts() {}

  /**
   * A failure of an agent says nothing of its backend, and neither does one of the task; an attempt
   * that takes too long does.
   */
  static Verdict of(OutcomeClass outcome) {
    return switch (outcome) {
      case SUCCESS -> Verdict.SUCCESS;
      case TRANSIENT -> Verdict.retry(ErrorClass.OTHER, Blame.ENDPOINT);
      case OVERLOADED -> Verdict.retry(ErrorClass.THROTTLED, Blame.ENDPOINT);
      case TIMEOUT -> Verdict.retry(ErrorClass.TIMEOUT, Blame.ENDPOINT);
      case AUTH -> Verdict.permanent(ErrorClass.AUTH, Blame.CALLER);
      case CONFIG -> Verdict.permanent(ErrorClass.REJECTED, Blame.CALLER);
      case INVALID_INPUT -> Verdict.permanent(ErrorClass.INVALID, Blame.CALLER);
      case RATE_LIMITED, AGENT_FAILED, KILLED -> Verdict.IGNORED;
      case CANCELLED -> Verdict.CANCELLED;
    };
  }
}
