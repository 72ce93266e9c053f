package dev.belay.flow;

/** Where a run is. */
public enum RunState {
  /** Tasks are being done, or wait to be. */
  RUNNING,
  /** Its process ended before it did; it can be resumed. */
  INTERRUPTED,
  /** All tasks are completed, skipped, or failed in a way that hinders nobody. */
  COMPLETED,
  /** A task failed that others need, or that was needed for itself. */
  FAILED,
  /** Stopped by somebody. */
  CANCELLED;

  /** Whether nothing more will happen to it unless somebody asks for it. */
  public boolean isOver() {
    return this != RUNNING && this != INTERRUPTED;
  }
}
