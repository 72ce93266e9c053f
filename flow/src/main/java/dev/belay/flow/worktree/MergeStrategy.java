package dev.belay.flow.worktree;

/** How the work of a task arrives in the target branch. */
public enum MergeStrategy {
  /** With all its commits, and one that joins them to the target. */
  MERGE,
  /** As one commit. */
  SQUASH,
  /**
   * Commit for commit on top of the target. Work that holds merges itself is joined as by {@link
   * #MERGE}, because what was decided in those cannot be done again.
   */
  REBASE,
  /** Not at all: it stays on its branch. */
  NONE
}
