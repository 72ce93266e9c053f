package dev.belay.flow.worktree;

import java.io.Serial;

/** Git, or the repository, did not allow what was asked. Its message says what to do about it. */
public final class WorktreeException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  WorktreeException(String message) {
    super(message);
  }

  WorktreeException(String message, Throwable cause) {
    super(message, cause);
  }
}
