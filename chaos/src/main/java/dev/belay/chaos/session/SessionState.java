package dev.belay.chaos.session;

/** Where a session stands. It moves forward only. */
public enum SessionState {
  /** Taken, and not begun. */
  PENDING,
  /** Trials are made. */
  RUNNING,
  /** No further trial is begun; the one that runs comes to its end. */
  STOPPING,
  /** All is done that was to be done, or it was stopped. */
  COMPLETED,
  /** It could not go on. */
  FAILED;

  /** Whether nothing changes any more. */
  public boolean isOver() {
    return this == COMPLETED || this == FAILED;
  }

  /** Whether a session in this state may come into another one next. */
  public boolean mayBecome(SessionState next) {
    return switch (this) {
      case PENDING -> next == RUNNING || next == FAILED;
      case RUNNING -> next == STOPPING || next == COMPLETED || next == FAILED;
      case STOPPING -> next == COMPLETED || next == FAILED;
      case COMPLETED, FAILED -> false;
    };
  }
}
