package dev.belay.chaos;

import java.io.Serial;

/** A trial could not be made: the executor is away, or the system was not there to be asked. */
public final class TargetFailed extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** A failure with what went wrong and what to do. */
  public TargetFailed(String message) {
    super(message);
  }

  /** The same with its cause. */
  public TargetFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
