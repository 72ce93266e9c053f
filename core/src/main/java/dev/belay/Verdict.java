package dev.belay;

import static java.util.Objects.requireNonNull;

/**
 * What is made of the outcome of one attempt: what to do next, why, and whose fault it was.
 * Immutable.
 *
 * @param kind what it means for the call
 * @param errorClass what went wrong; {@link ErrorClass#NONE} for a success
 * @param blame whose fault it was
 * @param hint when the server wants to be asked again; {@link Hint#NONE} if it did not say
 * @param pace how it is tried again; {@link Pace#POLICY} if the policy says
 * @param unsent whether it is known that nothing reached the target, whatever went wrong
 */
public record Verdict(
    Kind kind, ErrorClass errorClass, Blame blame, Hint hint, Pace pace, boolean unsent) {

  /** What an outcome means for the call. */
  public enum Kind {
    /** The call is done. */
    SUCCESS,
    /** Worth another attempt. */
    RETRY,
    /**
     * Worth another attempt, but not before the hint, and preferably elsewhere. If it is the
     * endpoint's fault, its breaker opens for as long as the hint says; if it is the caller's, who
     * asks for more than the endpoint allows, the breaker stays as it is.
     */
    THROTTLED,
    /** No attempt can help: the outcome goes to the caller. */
    PERMANENT,
    /** Goes to the caller and counts neither for nor against the endpoint. */
    IGNORED,
    /** The caller gave up. */
    CANCELLED
  }

  /** It worked. */
  public static final Verdict SUCCESS =
      new Verdict(Kind.SUCCESS, ErrorClass.NONE, Blame.UNKNOWN, Hint.NONE);

  /** Neither a success nor a failure. */
  public static final Verdict IGNORED =
      new Verdict(Kind.IGNORED, ErrorClass.OTHER, Blame.CALLER, Hint.NONE);

  /** The caller gave up. */
  public static final Verdict CANCELLED =
      new Verdict(Kind.CANCELLED, ErrorClass.CANCELLED, Blame.CALLER, Hint.NONE);

  /** Rejects a success with an error and a failure without one. */
  public Verdict {
    requireNonNull(kind, "kind");
    requireNonNull(errorClass, "errorClass");
    requireNonNull(blame, "blame");
    requireNonNull(hint, "hint");
    requireNonNull(pace, "pace");
    Check.that(
        (kind == Kind.SUCCESS) == (errorClass == ErrorClass.NONE),
        "errorClass must be NONE for SUCCESS and for nothing else, was %s for %s",
        errorClass,
        kind);
  }

  /** One that is tried again as the policy says. */
  public Verdict(Kind kind, ErrorClass errorClass, Blame blame, Hint hint) {
    this(kind, errorClass, blame, hint, Pace.POLICY, false);
  }

  /** Worth another attempt. */
  public static Verdict retry(ErrorClass errorClass, Blame blame) {
    return new Verdict(Kind.RETRY, errorClass, blame, Hint.NONE);
  }

  /** Come back later; {@code hint} may be {@link Hint#NONE}. */
  public static Verdict throttled(Blame blame, Hint hint) {
    return new Verdict(Kind.THROTTLED, ErrorClass.THROTTLED, blame, hint);
  }

  /** No attempt can help. */
  public static Verdict permanent(ErrorClass errorClass, Blame blame) {
    return new Verdict(Kind.PERMANENT, errorClass, blame, Hint.NONE);
  }

  /** The same verdict with the server's word on when to come back. */
  public Verdict withHint(Hint hint) {
    return new Verdict(kind, errorClass, blame, hint, pace, unsent);
  }

  /** The same verdict, tried again in its own way. */
  public Verdict withPace(Pace pace) {
    return new Verdict(kind, errorClass, blame, hint, pace, unsent);
  }

  /** The same verdict with the fault laid elsewhere. */
  public Verdict withBlame(Blame blame) {
    return new Verdict(kind, errorClass, blame, hint, pace, unsent);
  }

  /** The same verdict, and nothing reached the target: it failed on the way there. */
  public Verdict withNothingSent() {
    return new Verdict(kind, errorClass, blame, hint, pace, true);
  }

  /** Whether nothing can have reached the target, so that even a POST may be sent again. */
  public boolean isBeforeSending() {
    return unsent || errorClass.isBeforeSending();
  }
}
