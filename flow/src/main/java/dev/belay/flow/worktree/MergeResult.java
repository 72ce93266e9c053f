package dev.belay.flow.worktree;

import java.util.List;

/** What came of merging. In each case the task's branch is still there. */
public sealed interface MergeResult {
  /**
   * The work is in the target.
   *
   * @param commit what the target then pointed at
   * @param target the branch
   */
  record Merged(String commit, String target) implements MergeResult {}

  /**
   * All of it was in the target already.
   *
   * @param target the branch
   */
  record NothingToMerge(String target) implements MergeResult {}

  /**
   * Both sides changed the same, or the agent left a merge of its own unresolved; the target is as
   * it was.
   *
   * @param files which, from the root of the repository; may be empty if git names none
   * @param branch where the task's work is
   */
  record Conflict(List<String> files, String branch) implements MergeResult {
    /** Keeps a copy. */
    public Conflict {
      files = List.copyOf(files);
    }
  }

  /**
   * Not asked for.
   *
   * @param branch where the task's work is
   */
  record LeftOnBranch(String branch) implements MergeResult {}
}
