package dev.belay.flow;

/** The closed set of ways in which an attempt at a task can end. */
public enum OutcomeClass {
  /** It did what was asked. */
  SUCCESS,
  /**
   * Broke for a reason that may be gone the next time: a network, a program that ended with an
   * error of which nothing more is known.
   */
  TRANSIENT,
  /**
   * The account has used up what it may; no attempt of anybody on it can succeed before a reset.
   */
  RATE_LIMITED,
  /** The provider has too much to do at the moment. */
  OVERLOADED,
  /** Not logged in, a wrong key, or not allowed to. */
  AUTH,
  /** The program is missing, or was started in a way that it does not understand. */
  CONFIG,
  /** The task itself cannot be taken: a prompt that is too long, say. */
  INVALID_INPUT,
  /** The agent worked, and says that it could not do it. */
  AGENT_FAILED,
  /** Took longer than it may, as a whole or without a sign of life. */
  TIMEOUT,
  /** The user, or the end of the run, stopped it. */
  CANCELLED,
  /** A signal ended the program: somebody else killed it, or it crashed. */
  KILLED;

  /** Whether another attempt may help: soon, without a person, and without a reset. */
  public boolean isRetryable() {
    return switch (this) {
      case TRANSIENT, OVERLOADED, TIMEOUT -> true;
      case SUCCESS, RATE_LIMITED, AUTH, CONFIG, INVALID_INPUT, AGENT_FAILED, CANCELLED, KILLED ->
          false;
    };
  }
}
