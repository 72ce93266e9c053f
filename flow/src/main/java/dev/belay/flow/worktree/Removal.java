package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Removes worktrees, after they have been saved, and branches, after they have been merged. */
record Removal(Repository repository, Saving saving, Landing landing) {

  /** Directory and branch, or neither. */
  Cleanup ifMerged(Worktree worktree) throws WorktreeException, InterruptedException {
    Optional<String> why = unmerged(worktree);
    if (why.isEmpty()) {
      why = removeDirectory(worktree);
    }
    return why.isPresent()
        ? new Cleanup.AllKept(worktree.directory(), worktree.branch(), why.orElseThrow())
        : branch(worktree.branch(), worktree.target());
  }

  /** The directory, and the branch if it is merged. */
  Cleanup keepingBranch(Worktree worktree) throws WorktreeException, InterruptedException {
    Optional<String> why = removeDirectory(worktree);
    return why.isPresent()
        ? new Cleanup.AllKept(worktree.directory(), worktree.branch(), why.orElseThrow())
        : branch(worktree.branch(), worktree.target());
  }

  private Optional<String> unmerged(Worktree worktree)
      throws WorktreeException, InterruptedException {
    Optional<String> tip = repository.tip(worktree.branch());
    if (tip.isEmpty() || !landing.isLanded(worktree)) {
      return Optional.of("its work has not been merged into " + worktree.target());
    }
    Optional<String> head =
        worktree.directory().toFile().isDirectory() ? saving.head(worktree) : Optional.empty();
    if (head.isPresent() && !repository.contains(tip.orElseThrow(), head.orElseThrow())) {
      return Optional.of(
          "what is checked out in it is not on its branch, but kept below "
              + worktree.id().keptRefs());
    }
    return Optional.empty();
  }

  /**
   * Removes one that has been saved; says why not, if not. It is moved away whole before anything
   * in it is deleted: if only a half were gone, the rest would look like the work of an agent that
   * deletes files.
   */
  Optional<String> removeDirectory(Worktree worktree)
      throws WorktreeException, InterruptedException {
    Path directory = worktree.directory();
    try {
      if (Files.isDirectory(directory)) {
        Optional<String> hindrance = saving.hindrance(worktree);
        if (hindrance.isPresent()) {
          return hindrance;
        }
        Path away = directory.resolveSibling(".removed-" + directory.getFileName());
        Directories.delete(away);
        Files.move(directory, away, ATOMIC_MOVE);
        Directories.delete(away);
      }
    } catch (IOException e) {
      throw new WorktreeException("could not remove %s: %s".formatted(directory, e), e);
    }
    return unlist(directory);
  }

  /** Has git forget a worktree that is gone or unchanged; says why not, if not. */
  Optional<String> unlist(Path directory) throws WorktreeException, InterruptedException {
    GitCall call = GitCall.in(repository.top(), "worktree", "remove", "--", directory.toString());
    GitOutput output = repository.git().attempt(call.brief());
    return output.exit() == 0 ? Optional.empty() : Optional.of(output.errors().strip());
  }

  /** A branch that no worktree of ours has checked out. */
  Cleanup branch(String branch, String target) throws WorktreeException, InterruptedException {
    Optional<String> tip = repository.tip(branch);
    if (tip.isEmpty()) {
      return new Cleanup.Removed(branch);
    }
    // If the user took the target away, what is checked out may hold the work as well.
    String targetTip = repository.tip(target).orElse("HEAD");
    boolean merged =
        repository.contains(targetTip, tip.orElseThrow())
            || landing.isNoted(
                branch.replaceFirst("^belay/", "refs/belay/landed/"), targetTip, tip.orElseThrow());
    if (!merged) {
      return new Cleanup.BranchKept(branch, "its work has not been merged into " + target);
    }
    return deleteBranch(branch, tip.orElseThrow())
        ? new Cleanup.Removed(branch)
        : new Cleanup.BranchKept(branch, "somebody uses it");
  }

  /** Whether it could be deleted: it was still at {@code tip}, and checked out nowhere. */
  boolean deleteBranch(String branch, String tip) throws WorktreeException, InterruptedException {
    if (!repository.checkoutsOf(branch).isEmpty()) {
      return false;
    }
    String input = "delete refs/heads/%s\0%s\0".formatted(branch, tip);
    GitCall call = GitCall.in(repository.top(), "update-ref", "--stdin", "-z");
    return repository.git().attempt(call.reading(input.getBytes(UTF_8)).brief()).exit() == 0;
  }
}
