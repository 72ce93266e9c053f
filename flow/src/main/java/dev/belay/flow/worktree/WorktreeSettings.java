package dev.belay.flow.worktree;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where worktrees are, and where their work goes. Immutable.
 *
 * @param directory for all worktrees; {@code .worktrees} in the repository if empty, or relative to
 *     it
 * @param target an existing branch for the work, which nobody may have checked out; if empty, each
 *     run gets a branch {@code belay/<run>/merged} of its own, which starts at what the user has
 *     checked out when the run begins
 */
public record WorktreeSettings(Optional<Path> directory, Optional<String> target) {
  /** A branch for each run, and worktrees inside the repository. */
  public static final WorktreeSettings DEFAULT =
      new WorktreeSettings(Optional.empty(), Optional.empty());

  /** The same with another directory. */
  public WorktreeSettings withDirectory(Path other) {
    return new WorktreeSettings(Optional.of(other), target);
  }

  /** The same with a named target. */
  public WorktreeSettings withTarget(String branch) {
    return new WorktreeSettings(directory, Optional.of(branch));
  }
}
