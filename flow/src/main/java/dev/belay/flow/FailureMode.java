package dev.belay.flow;

/** What the failure of a task means for those that need it. */
public enum FailureMode {
  /** They cannot run: they are blocked, and so are those that need them. */
  HARD,
  /** They run all the same, and see that it failed. */
  SOFT,
  /** They run as if it had not been asked for; it counts as skipped. */
  SKIP
}
