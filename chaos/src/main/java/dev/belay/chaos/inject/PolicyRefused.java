package dev.belay.chaos.inject;

import java.io.Serial;

/** A policy, or what was to be done with it, is not accepted; nothing has changed. */
public final class PolicyRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why a policy is not accepted. */
  public enum Reason {
    /** The document cannot be read. */
    MALFORMED,
    /** It can be read, and is not right. */
    INVALID,
    /** There is one of that name already. */
    EXISTS,
    /** There is none of that name. */
    MISSING,
    /** Everything was halted, and nothing may be put in force until that is taken back. */
    HALTED,
    /** There are as many policies as there may be. */
    FULL
  }

  PolicyRefused(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
