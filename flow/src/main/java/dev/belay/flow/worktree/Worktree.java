package dev.belay.flow.worktree;

import java.nio.file.Path;

/**
 * A working tree of its own for one attempt at a task. Immutable.
 *
 * @param run which run, as its owner named it
 * @param task which task, as its owner named it
 * @param attempt from 1
 * @param directory where the agent works
 * @param gitDirectory where git keeps what belongs to this working tree alone
 * @param branch what the agent's commits go to
 * @param target the branch to which its work is merged
 * @param base the commit that it started from
 */
public record Worktree(
    String run,
    String task,
    int attempt,
    Path directory,
    Path gitDirectory,
    String branch,
    String target,
    String base) {

  /** Rejects an attempt below 1. */
  public Worktree {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
    }
  }

  Attempt id() {
    return new Attempt(run, task, attempt);
  }
}
