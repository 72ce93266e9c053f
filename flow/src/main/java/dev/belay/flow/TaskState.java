package dev.belay.flow;

/** Where a task is. */
public enum TaskState {
  /** Something that it needs is not done yet. */
  WAITING,
  /** Could start; waits for a place or for a file. */
  QUEUED,
  /** An agent works on it. */
  RUNNING,
  /** An attempt failed; waits before the next. */
  RETRYING,
  /** All that could do it are resting: open breakers, or limits that are used up. */
  PARKED,
  /** The agent asked something; waits for the answer. */
  ASKING,
  /** Done; what it wrote is being merged. */
  MERGING,
  /** Done. */
  COMPLETED,
  /** Not done, and not to be. */
  FAILED,
  /** Cannot be done: something that it needs failed. */
  BLOCKED,
  /** Not done, and not missed. */
  SKIPPED,
  /** Stopped by somebody. */
  CANCELLED;

  /** Whether nothing more will happen to it unless somebody asks for it. */
  public boolean isOver() {
    return switch (this) {
      case COMPLETED, FAILED, BLOCKED, SKIPPED, CANCELLED -> true;
      case WAITING, QUEUED, RUNNING, RETRYING, PARKED, ASKING, MERGING -> false;
    };
  }
}
