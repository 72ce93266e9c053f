package dev.belay.llm.delay;

import dev.belay.Blame;
import dev.belay.Hint;
import dev.belay.Verdict;
import dev.belay.llm.ErrorKind;

/** What each kind of failure is to {@code core}. */
final class Verdicts {
  private Verdicts() {}

  /**
   * Without hint and pace.
   *
   * @param again whether another attempt may help
   */
  static Verdict of(ErrorKind kind, boolean again) {
    return switch (kind) {
      case CANCELLED -> Verdict.CANCELLED;
      // what the checks of answers find is nobody's breaker's business
      case BAD_OUTPUT, TRUNCATED ->
          new Verdict(Verdict.Kind.IGNORED, kind.errorClass(), Blame.CALLER, Hint.NONE);
      case RATE_LIMIT -> verdict(kind, again ? Verdict.Kind.THROTTLED : Verdict.Kind.PERMANENT);
      case QUOTA_EXHAUSTED,
          OVERLOADED,
          SERVER_ERROR,
          NETWORK,
          TIMEOUT,
          CONFLICT,
          STREAM_BROKEN,
          CONTEXT_OVERFLOW,
          AUTH,
          INVALID_REQUEST,
          CONTENT_BLOCKED,
          GARBAGE,
          CIRCUIT_OPEN ->
          verdict(kind, again ? Verdict.Kind.RETRY : Verdict.Kind.PERMANENT);
    };
  }

  private static Verdict verdict(ErrorKind kind, Verdict.Kind what) {
    return new Verdict(what, kind.errorClass(), blame(kind), Hint.NONE);
  }

  private static Blame blame(ErrorKind kind) {
    return switch (kind) {
      // a rate limit is for gates: the provider is well, and its breaker stays out of it
      case RATE_LIMIT,
          INVALID_REQUEST,
          CONTENT_BLOCKED,
          CONTEXT_OVERFLOW,
          BAD_OUTPUT,
          TRUNCATED,
          CANCELLED ->
          Blame.CALLER;
      case QUOTA_EXHAUSTED,
          OVERLOADED,
          SERVER_ERROR,
          NETWORK,
          TIMEOUT,
          CONFLICT,
          STREAM_BROKEN,
          AUTH,
          GARBAGE,
          CIRCUIT_OPEN ->
          Blame.ENDPOINT;
    };
  }
}
