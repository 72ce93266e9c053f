package dev.belay.flow.worktree;

/**
 * Whose lines are taken where both sides changed the same ones. Everything else that either side
 * did is kept. A file that one side deleted and the other changed stays a conflict.
 */
public enum Favour {
  /** Nobody's: that is a conflict. */
  NEITHER,
  /** The target branch's. */
  OURS,
  /** The task's. */
  THEIRS
}
