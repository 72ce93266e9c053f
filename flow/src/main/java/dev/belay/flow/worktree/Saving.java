package dev.belay.flow.worktree;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.belay.flow.worktree.Repository.RefUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes commits of what an agent left behind, whatever state it left it in. It works on a copy of
 * the index, so that a lock which a dead program holds is no obstacle, and moves refs before
 * anything else, so that being stopped half-way loses nothing.
 */
record Saving(Repository repository) {
  /** What a merge, a cherry-pick or a revert that is under way leaves lying about. */
  private static final List<String> UNDER_WAY =
      List.of(
          "MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE", "CHERRY_PICK_HEAD", "REVERT_HEAD");

  /** The mode of a repository inside another. */
  private static final String REPOSITORY = "160000 ";

  /** What was found, before anything is moved. */
  private record Found(
      Optional<String> head, Optional<String> tip, String state, Optional<String> commit) {}

  /** Nobody may be at work in the directory. */
  Leftovers save(Worktree worktree, String message) throws WorktreeException, InterruptedException {
    Path index = worktree.gitDirectory().resolve("belay-index");
    try {
      if (!Files.isDirectory(worktree.directory())) {
        return new Leftovers(Optional.empty(), List.of(), List.of());
      }
      Files.deleteIfExists(index.resolveSibling("belay-index.lock"));
      Files.deleteIfExists(index);
      Path own = worktree.gitDirectory().resolve("index");
      if (Files.exists(own)) {
        Files.copy(own, index);
      }
      List<String> unresolved = unresolved(worktree, index);
      Found found = find(worktree, index, message);
      if (!unresolved.isEmpty() && found.commit().isPresent()) {
        Unresolved.of(worktree).note(found.state(), unresolved);
      }
      List<String> kept = place(worktree, found);
      Files.move(index, own, REPLACE_EXISTING);
      Files.deleteIfExists(own.resolveSibling("index.lock"));
      if (found.commit().isPresent() || !mergeHeads(worktree).isEmpty()) {
        for (String file : UNDER_WAY) {
          Files.deleteIfExists(worktree.gitDirectory().resolve(file));
        }
      }
      return new Leftovers(found.commit(), unresolved, kept);
    } catch (IOException e) {
      throw new WorktreeException(
          "could not save what is in %s: %s".formatted(worktree.directory(), e.getMessage()), e);
    }
  }

  private List<String> unresolved(Worktree worktree, Path index)
      throws WorktreeException, InterruptedException {
    return in(worktree, index, "ls-files", "--unmerged", "-z").fields().stream()
        .filter(entry -> !entry.isEmpty())
        .map(entry -> GitOutput.readable(entry.split("\t", 2)[1]))
        .distinct()
        .toList();
  }

  private Found find(Worktree worktree, Path index, String message)
      throws WorktreeException, InterruptedException, IOException {
    in(worktree, index, "add", "--all");
    String tree = in(worktree, index, "write-tree").text();
    Optional<String> head = head(worktree);
    Optional<String> tip = repository.tip(worktree.branch());
    List<String> parents = new ArrayList<>(head.stream().toList());
    for (String merging : mergeHeads(worktree)) {
      // One that is in already is left from a save that was stopped half-way.
      if (head.isEmpty() || !repository.contains(head.orElseThrow(), merging)) {
        parents.add(merging);
      }
    }
    if (head.isPresent()
        && parents.size() == 1
        && tree.equals(repository.tree(head.orElseThrow()))) {
      return new Found(head, tip, head.orElseThrow(), Optional.empty());
    }
    String commit = repository.commitTree(tree, parents, message);
    return new Found(head, tip, commit, Optional.of(commit));
  }

  private static List<String> mergeHeads(Worktree worktree) throws IOException {
    Path file = worktree.gitDirectory().resolve("MERGE_HEAD");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /**
   * Sees to it that the state is on the branch, or else under a ref of its own.
   *
   * @return the refs that were made
   */
  private List<String> place(Worktree worktree, Found found)
      throws WorktreeException, InterruptedException, IOException {
    String branch = "refs/heads/" + worktree.branch();
    String state = found.state();
    String none = Repository.none(state);
    String tip = found.tip().orElse(none);
    if (found.tip().isEmpty() || repository.contains(state, tip)) {
      if (!state.equals(tip)) {
        repository.set(new RefUpdate(branch, state, tip));
      }
      pointAt(worktree, branch);
      return List.of();
    }
    if (found.commit().isEmpty() && repository.contains(tip, state)) {
      return List.of();
    }
    if (isTheWork(worktree, found, tip)) {
      String kept = worktree.id().keptRefs() + "/" + tip;
      repository.set(new RefUpdate(kept, tip, ""), new RefUpdate(branch, state, tip));
      pointAt(worktree, branch);
      return List.of(kept);
    }
    String kept = worktree.id().keptRefs() + "/" + state;
    repository.set(new RefUpdate(kept, state, ""));
    point(worktree, "update-ref", "--no-deref", "HEAD", state);
    return List.of(kept);
  }

  /**
   * Of two histories that parted, whether the one that is checked out is what the agent worked on
   * last. It is not in the middle of a rebase, nor if it only went back to look at an old commit.
   */
  private boolean isTheWork(Worktree worktree, Found found, String tip)
      throws WorktreeException, InterruptedException {
    boolean rebasing =
        Files.exists(worktree.gitDirectory().resolve("rebase-merge"))
            || Files.exists(worktree.gitDirectory().resolve("rebase-apply"));
    return !rebasing
        && found.head().isPresent()
        && !repository.contains(tip, found.head().orElseThrow())
        && repository.contains(found.state(), worktree.base());
  }

  private void pointAt(Worktree worktree, String branch)
      throws WorktreeException, InterruptedException, IOException {
    Path head = worktree.gitDirectory().resolve("HEAD");
    if (!Files.readString(head).strip().equals("ref: " + branch)) {
      point(worktree, "symbolic-ref", "HEAD", branch);
    }
  }

  private void point(Worktree worktree, String... arguments)
      throws WorktreeException, InterruptedException {
    repository.git().run(pinned(worktree, arguments).brief());
  }

  /** What is checked out; empty on a branch without commits. */
  Optional<String> head(Worktree worktree) throws WorktreeException, InterruptedException {
    GitOutput output =
        repository
            .git()
            .attempt(pinned(worktree, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"));
    return output.exit() == 0 ? Optional.of(output.text()) : Optional.empty();
  }

  /** Why its directory cannot be removed without a loss; empty if it can. */
  Optional<String> hindrance(Worktree worktree) throws WorktreeException, InterruptedException {
    if (Files.exists(worktree.gitDirectory().resolve("locked"))) {
      return Optional.of("somebody locked it with 'git worktree lock'");
    }
    GitCall status =
        pinned(worktree, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames");
    if (repository.git().run(status).bytes().length > 0) {
      return Optional.of("it holds what is not committed");
    }
    GitOutput files = repository.git().run(pinned(worktree, "ls-files", "--stage", "-z"));
    return files.fields().stream().anyMatch(entry -> entry.startsWith(REPOSITORY))
        ? Optional.of("it holds a repository of its own")
        : Optional.empty();
  }

  private GitOutput in(Worktree worktree, Path index, String... arguments)
      throws WorktreeException, InterruptedException {
    return repository
        .git()
        .run(
            pinned(worktree, arguments)
                .with(repository.identity())
                .with(Map.of("GIT_INDEX_FILE", index.toString())));
  }

  /**
   * Names the repository, so that git never looks for one: if the agent deleted the link to it, it
   * would find the user's.
   */
  private static GitCall pinned(Worktree worktree, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add("--git-dir=" + worktree.gitDirectory());
    all.add("--work-tree=" + worktree.directory());
    all.addAll(List.of(arguments));
    return GitCall.in(worktree.directory(), all.toArray(String[]::new));
  }
}
