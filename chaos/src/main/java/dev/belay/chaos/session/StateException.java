package dev.belay.chaos.session;

import java.io.Serial;

/** A session is not in a state that allows what was asked of it. */
public final class StateException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final SessionState state;

  StateException(SessionState state, String message) {
    super(message);
    this.state = state;
  }

  /** The state it is in. */
  public SessionState state() {
    return state;
  }
}
