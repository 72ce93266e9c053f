package dev.belay.flow.run;

import java.io.Serial;

/** A step of a task is not to be done; the message says why. */
final class StepFailed extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  StepFailed(String message) {
    super(message);
  }
}
