package dev.belay.flow.worktree;

import java.util.List;
import java.util.Optional;

/**
 * What was made safe of what an agent left behind. Immutable.
 *
 * @param commit with what was uncommitted; empty if nothing was
 * @param unresolved files of a merge that the agent began and did not end; they may hold conflict
 *     markers, and count as a conflict of the branch until there is a commit on top of them
 * @param kept refs below {@code refs/belay/kept/} that were made for commits which are not on the
 *     task's branch
 */
public record Leftovers(Optional<String> commit, List<String> unresolved, List<String> kept) {
  /** Keeps copies. */
  public Leftovers {
    unresolved = List.copyOf(unresolved);
    kept = List.copyOf(kept);
  }
}
