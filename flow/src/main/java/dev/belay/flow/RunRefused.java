package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.io.Serial;

/** Something cannot be done with a run as it is. Its message says why, and what can be. */
public final class RunRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why. */
  public enum Reason {
    /** There is no such run, task or question. */
    UNKNOWN,
    /** Its state does not allow it. */
    STATE
  }

  /** One with a message for people. */
  public RunRefused(Reason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason");
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
