package dev.belay.flow.worktree;

import java.nio.file.Path;

/** What became of a worktree that is no longer needed. */
public sealed interface Cleanup {
  /**
   * All its work has been merged; directory and branch are gone.
   *
   * @param branch which
   */
  record Removed(String branch) implements Cleanup {}

  /**
   * The directory is gone, the branch is kept: its work is committed, and not merged.
   *
   * @param branch where the work is
   * @param why for people
   */
  record BranchKept(String branch, String why) implements Cleanup {}

  /**
   * Directory and branch are kept.
   *
   * @param directory where the work is
   * @param branch where the committed work is
   * @param why for people
   */
  record AllKept(Path directory, String branch, String why) implements Cleanup {}
}
