package dev.belay.flow.worktree;

import dev.belay.flow.worktree.Repository.RefUpdate;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Brings the branch of a task into its target: builds the commit in the object store, then moves
 * the ref from the value it was built on, and begins again if that has moved.
 *
 * @param mostTries at least 1
 */
record Landing(Repository repository, int mostTries) {

  /** What to move the target to; no commit if there are conflicts. */
  record Candidate(Optional<String> commit, List<String> conflicts) {
    static Candidate of(String commit) {
      return new Candidate(Optional.of(commit), List.of());
    }
  }

  MergeResult land(Worktree worktree, MergeStrategy strategy, Favour favour)
      throws WorktreeException, InterruptedException {
    String tip = tip(worktree);
    List<String> unresolved = unresolved(worktree, tip);
    if (!unresolved.isEmpty()) {
      return new MergeResult.Conflict(unresolved, worktree.branch());
    }
    GitOutput refused = new GitOutput(0, new byte[0], "");
    for (int tries = 0; tries < mostTries; tries++) {
      refuseCheckedOut(worktree.target());
      String target = target(worktree);
      if (isLanded(worktree, target, tip)) {
        return new MergeResult.NothingToMerge(worktree.target());
      }
      Candidate candidate =
          new Building(repository, worktree, favour, arrived(worktree, target, tip))
              .build(strategy, target, tip);
      if (candidate.commit().isEmpty()) {
        return new MergeResult.Conflict(candidate.conflicts(), worktree.branch());
      }
      String commit = candidate.commit().orElseThrow();
      refused = move(worktree, target, commit, tip);
      if (refused.exit() == 0) {
        return commit.equals(target)
            ? new MergeResult.NothingToMerge(worktree.target())
            : new MergeResult.Merged(commit, worktree.target());
      }
    }
    throw new WorktreeException(
        "could not move %s to the work of %s in %d tries, which is kept on %s: %s"
            .formatted(
                worktree.target(),
                worktree.id(),
                mostTries,
                worktree.branch(),
                refused.errors().strip()));
  }

  private static List<String> unresolved(Worktree worktree, String tip) throws WorktreeException {
    try {
      return Unresolved.of(worktree).at(tip);
    } catch (IOException e) {
      throw new WorktreeException(
          "cannot read what is unresolved on %s: %s".formatted(worktree.branch(), e), e);
    }
  }

  private GitOutput move(Worktree worktree, String from, String to, String tip)
      throws WorktreeException, InterruptedException {
    // One step with the move: whoever repeats this after a crash sees that it has happened.
    String note =
        repository.commitTree(
            repository.tree(to), List.of(to, tip), "Landed: " + worktree.branch());
    return repository.update(
        List.of(
            new RefUpdate("refs/heads/" + worktree.target(), to, from),
            new RefUpdate(worktree.id().landedRef(), note, "")));
  }

  /** Whether all that the branch now holds has arrived. */
  boolean isLanded(Worktree worktree) throws WorktreeException, InterruptedException {
    return isLanded(worktree, target(worktree), tip(worktree));
  }

  private boolean isLanded(Worktree worktree, String target, String tip)
      throws WorktreeException, InterruptedException {
    return repository.contains(target, tip) || isNoted(worktree.id().landedRef(), target, tip);
  }

  /** Whether a ref says that {@code tip} has arrived, and that is still so. */
  boolean isNoted(String landedRef, String target, String tip)
      throws WorktreeException, InterruptedException {
    Optional<String> noted = repository.commit(landedRef + "^2");
    return noted.isPresent()
        && noted.orElseThrow().equals(tip)
        && repository.contains(target, repository.commit(landedRef + "^1").orElse(tip));
  }

  /** Up to where an earlier merge brought the branch, if it did so in another form. */
  private Optional<String> arrived(Worktree worktree, String target, String tip)
      throws WorktreeException, InterruptedException {
    String note = worktree.id().landedRef();
    Optional<String> noted = repository.commit(note + "^2");
    if (noted.isEmpty()
        || repository.contains(target, noted.orElseThrow())
        || !repository.contains(tip, noted.orElseThrow())) {
      return Optional.empty();
    }
    return isNoted(note, target, noted.orElseThrow()) ? noted : Optional.empty();
  }

  private String tip(Worktree worktree) throws WorktreeException, InterruptedException {
    return repository
        .tip(worktree.branch())
        .orElseThrow(
            () -> new WorktreeException("there is no branch %s".formatted(worktree.branch())));
  }

  private String target(Worktree worktree) throws WorktreeException, InterruptedException {
    return repository
        .tip(worktree.target())
        .orElseThrow(() ->
            new WorktreeException(
                "there is no branch %s any more to merge into".formatted(worktree.target())));
  }

  /** A branch must not move under somebody's working copy. */
  void refuseCheckedOut(String target) throws WorktreeException, InterruptedException {
    List<String> places = repository.checkoutsOf(target);
    if (!places.isEmpty()) {
      throw new WorktreeException(
          ("branch %s is checked out in %s, and would change under the feet of whoever works there;"
                  + " check out another branch there, or name another 'target'")
              .formatted(target, String.join(" and ", places)));
    }
  }
}
