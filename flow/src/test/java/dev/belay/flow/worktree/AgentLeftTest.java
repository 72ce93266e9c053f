package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever state an agent leaves a worktree in, its commits and files stay. */
final class AgentLeftTest {
  private static final String BRANCH = "belay/r/t/1";

  @TempDir Path temp;
  private Repo repo;
  private Worktrees worktrees;
  private Worktree task;
  private Path dir;

  @BeforeEach
  void open() throws Exception {
    repo = Repo.at(temp.resolve("repo"));
    worktrees = repo.open();
    task = worktrees.create("r", "t", 1, List.of());
    dir = task.directory();
  }

  private Leftovers save() throws Exception {
    return worktrees.commitLeftovers(task, "left\n\n--amend");
  }

  @Test
  void nothingLeftMakesNoCommit() throws Exception {
    assertThat(save()).isEqualTo(new Leftovers(Optional.empty(), List.of(), List.of()));
    assertThat(repo.git("rev-parse", BRANCH)).isEqualTo(repo.git("rev-parse", "main"));
  }

  @Test
  void theMessageIsNeverReadAsAnOption() throws Exception {
    Repo.write(dir, "new", "x");

    Leftovers leftovers = worktrees.commitLeftovers(task, "--allow-empty\n");

    assertThat(leftovers.commit()).contains(repo.git("rev-parse", BRANCH));
    assertThat(repo.git("log", "-1", "--format=%s|%an <%ae>", BRANCH))
        .isEqualTo("--allow-empty|Dev <dev@example.org>");
    assertThat(Repo.git(dir, "status", "--porcelain")).isEmpty();
    assertThat(save().commit()).isEmpty();
  }

  @Test
  void anIndexLockedByADeadAgentIsNoObstacle() throws Exception {
    Repo.write(dir, "new", "x");
    Files.writeString(task.gitDirectory().resolve("index.lock"), "");

    assertThat(save().commit()).isPresent();

    assertThat(repo.show(BRANCH, "new")).isEqualTo("x");
    assertThat(Repo.git(dir, "status", "--porcelain")).isEmpty();
    Repo.git(dir, "add", "--all");
  }

  @Test
  void commitsOnADetachedHeadGetOntoTheBranch() throws Exception {
    Repo.git(dir, "checkout", "--quiet", "--detach");
    Repo.write(dir, "committed", "1");
    Repo.commit(dir, "on no branch");
    Repo.write(dir, "left", "2");

    assertThat(save().kept()).isEmpty();

    assertThat(repo.show(BRANCH, "committed")).isEqualTo("1");
    assertThat(repo.show(BRANCH, "left")).isEqualTo("2");
    assertThat(Repo.git(dir, "branch", "--show-current")).isEqualTo(BRANCH);
  }

  @Test
  void commitsOnABranchOfTheAgentsGetOntoOurs() throws Exception {
    Repo.git(dir, "checkout", "--quiet", "-b", "feature");
    Repo.write(dir, "committed", "1");
    Repo.commit(dir, "elsewhere");

    assertThat(worktrees.merge(task, MergeStrategy.SQUASH, Favour.NEITHER))
        .isInstanceOf(MergeResult.Merged.class);

    assertThat(repo.show("belay/r/merged", "committed")).isEqualTo("1");
    assertThat(repo.exists("refs/heads/feature")).isTrue();
    assertThat(worktrees.cleanup(task)).isInstanceOf(Cleanup.Removed.class);
  }

  @Test
  void ofTwoHistoriesTheOneCheckedOutIsTheWorkAndTheOtherIsKept() throws Exception {
    Repo.write(dir, "first", "1");
    Repo.commit(dir, "first try");
    String first = repo.git("rev-parse", BRANCH);
    Repo.git(dir, "checkout", "--quiet", "-b", "again", task.base());
    Repo.write(dir, "second", "2");
    Repo.commit(dir, "second try");
    Repo.write(dir, "left", "3");

    Leftovers leftovers = save();

    assertThat(leftovers.kept()).containsExactly("refs/belay/kept/r/t/1/" + first);
    assertThat(repo.files(BRANCH)).contains("second", "left").doesNotContain("first");
    assertThat(repo.show(leftovers.kept().getFirst(), "first")).isEqualTo("1");
  }

  @Test
  void aLookAtAnOldCommitChangesNothing() throws Exception {
    Repo.write(dir, "new", "1");
    Repo.commit(dir, "done");
    Repo.git(dir, "checkout", "--quiet", "--detach", "HEAD~1");

    assertThat(save().kept()).isEmpty();

    assertThat(repo.show(BRANCH, "new")).isEqualTo("1");
    worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);
    assertThat(worktrees.cleanup(task)).isInstanceOf(Cleanup.Removed.class);
  }

  @Test
  void changesToAnOldCommitAreKeptBesideTheBranch() throws Exception {
    Repo.write(dir, "new", "1");
    Repo.commit(dir, "done");
    Repo.git(dir, "checkout", "--quiet", "--detach", "HEAD~1");
    Repo.write(dir, "probe", "2");

    Leftovers leftovers = save();

    assertThat(repo.show(leftovers.kept().getFirst(), "probe")).isEqualTo("2");
    assertThat(repo.files(BRANCH)).contains("new").doesNotContain("probe");
  }

  @Test
  void aMergeHalfWayIsCommittedWithBothParentsAndReported() throws Exception {
    repo.git("branch", "other");
    Path other = temp.resolve("other");
    repo.git("worktree", "add", "--quiet", other.toString(), "other");
    Repo.write(other, "a.txt", "other\n");
    Repo.commit(other, "other");
    Repo.write(dir, "a.txt", "mine\n");
    Repo.commit(dir, "mine");
    assertThatThrownBy(() -> Repo.git(dir, "merge", "other")).isInstanceOf(IOException.class);

    Path mergeHead = task.gitDirectory().resolve("MERGE_HEAD");
    String merging = Files.readString(mergeHead);

    Leftovers leftovers = save();
    // As if that had been stopped before its last step.
    Files.writeString(mergeHead, merging);
    assertThat(save().commit()).isEmpty();

    assertThat(leftovers.unresolved()).containsExactly("a.txt");
    assertThat(repo.show(BRANCH, "a.txt")).contains("<<<<<<<", "mine", "other");
    assertThat(repo.git("rev-parse", BRANCH + "^2")).isEqualTo(repo.git("rev-parse", "other"));
    assertThat(Repo.git(dir, "status")).contains("nothing to commit").doesNotContain("merging");
    for (int times = 0; times < 2; times++) {
      assertThat(worktrees.merge(task, MergeStrategy.SQUASH, Favour.THEIRS))
          .isEqualTo(new MergeResult.Conflict(List.of("a.txt"), BRANCH));
    }
    Repo.write(dir, "a.txt", "resolved\n");
    worktrees.merge(task, MergeStrategy.SQUASH, Favour.NEITHER);
    assertThat(repo.show("belay/r/merged", "a.txt")).isEqualTo("resolved");
  }

  @Test
  void aRebaseHalfWayLeavesTheBranchAndKeepsTheRest() throws Exception {
    Repo.write(dir, "a.txt", "mine\n");
    Repo.commit(dir, "mine");
    Repo.write(dir, "later", "2");
    Repo.commit(dir, "later");
    Repo.git(dir, "checkout", "--quiet", "-b", "other", task.base());
    Repo.write(dir, "a.txt", "other\n");
    Repo.commit(dir, "other");
    Repo.git(dir, "checkout", "--quiet", BRANCH);
    assertThatThrownBy(() -> Repo.git(dir, "rebase", "other")).isInstanceOf(IOException.class);
    Repo.write(dir, "a.txt", "half resolved\n");

    Leftovers leftovers = save();

    assertThat(repo.show(BRANCH, "a.txt")).isEqualTo("mine");
    assertThat(repo.show(BRANCH, "later")).isEqualTo("2");
    assertThat(repo.show(leftovers.kept().getFirst(), "a.txt")).isEqualTo("half resolved");
    worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);
    assertThat(worktrees.cleanup(task).toString()).contains("kept below refs/belay/kept/r/t/1");
  }

  @Test
  void aBranchThatTheAgentDeletedComesBack() throws Exception {
    Repo.git(dir, "checkout", "--quiet", "--detach");
    Repo.write(dir, "new", "1");
    Repo.commit(dir, "new");
    Repo.git(dir, "branch", "-D", BRANCH);

    save();

    assertThat(repo.show(BRANCH, "new")).isEqualTo("1");
  }

  @Test
  void aBranchWithoutAPastIsKept() throws Exception {
    Repo.git(dir, "checkout", "--quiet", "--orphan", "fresh");
    Repo.write(dir, "new", "1");

    Leftovers leftovers = save();

    assertThat(repo.show(leftovers.kept().getFirst(), "new")).isEqualTo("1");
    assertThat(repo.git("rev-parse", BRANCH)).isEqualTo(task.base());
  }

  @Test
  void aDeletedLinkToTheRepositoryNeverLeadsToTheUsersCheckout() throws Exception {
    Map<String, String> before = repo.bytes();
    Repo.write(dir, "new", "1");
    Files.delete(dir.resolve(".git"));

    save();

    assertThat(repo.show(BRANCH, "new")).isEqualTo("1");
    assertThat(repo.bytes()).isEqualTo(before);
    worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);
    assertThat(worktrees.cleanup(task)).isInstanceOf(Cleanup.Removed.class);
    assertThat(repo.show("belay/r/merged", "new")).isEqualTo("1");
    assertThat(repo.bytes()).isEqualTo(before);
  }

  @Test
  void aRepositoryInsideTheWorktreeIsNotRemovedWithIt() throws Exception {
    Repo inner = Repo.at(dir.resolve("inner"));

    worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);

    assertThat(worktrees.cleanup(task)).isInstanceOf(Cleanup.AllKept.class);
    assertThat(inner.path("dir/b")).exists();
  }

  @Test
  void aDirectoryThatIsGoneIsNoObstacle() throws Exception {
    Repo.write(dir, "new", "1");
    save();
    Directories.delete(dir);

    assertThat(worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER))
        .isInstanceOf(MergeResult.Merged.class);
    assertThat(worktrees.cleanup(task)).isInstanceOf(Cleanup.Removed.class);
    assertThat(repo.git("worktree", "list")).doesNotContain("/t ");
  }

  @Test
  void hooksSignaturesAndEditorsOfTheUserStayOut() throws Exception {
    for (String hook : List.of("pre-commit", "post-checkout", "reference-transaction")) {
      Path file = repo.path(".git/hooks/" + hook);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\ntouch '" + temp.resolve("ran") + "'\nexit 1\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    repo.git("config", "commit.gpgSign", "true");
    repo.git("config", "gpg.program", "/bin/false");
    Worktree other = worktrees.create("r", "other", 1, List.of());
    Repo.write(other.directory(), "new", "1");

    assertThat(worktrees.merge(other, MergeStrategy.MERGE, Favour.NEITHER))
        .isInstanceOf(MergeResult.Merged.class);

    assertThat(temp.resolve("ran")).doesNotExist();
  }

  @Test
  void whatGotIntoTheUsersCheckoutIsFound() throws Exception {
    repo.write("dirty", "before");
    Checkout before = worktrees.checkout();
    repo.write("dirty", "and after").write("dir/sub/leak", "x");
    repo.git("checkout", "--quiet", "-b", "elsewhere");

    assertThat(worktrees.leaked(before)).containsExactly("HEAD", "dir/sub/leak", "dirty");
  }
}
