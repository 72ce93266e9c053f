package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorktreesTest {
  @TempDir Path temp;

  @Nested
  final class Opening {
    private void assertRefused(Path path, String... because) {
      assertThatThrownBy(() -> Worktrees.open(path, WorktreeSettings.DEFAULT))
          .isInstanceOf(WorktreeException.class)
          .hasMessageContainingAll(because);
    }

    @Test
    void whatIsNoRepositoryIsRefused() {
      assertRefused(temp, "no git repository", "git init");
      assertRefused(temp.resolve("missing"), "is not a directory");
    }

    @Test
    void aRepositoryWithoutCommitsIsRefused() throws Exception {
      assertRefused(Repo.empty(temp.resolve("r")).top(), "no commits yet", "--allow-empty");
    }

    @Test
    void aBareRepositoryIsRefused() throws Exception {
      Repo.git(temp, "init", "--quiet", "--bare", "bare");
      assertRefused(temp.resolve("bare"), "bare repository");
    }

    @Test
    void aMissingOrOldGitIsRefused() throws Exception {
      Path old = Files.writeString(temp.resolve("old"), "#!/bin/sh\necho git version 2.38.9\n");
      assertThat(old.toFile().setExecutable(true)).isTrue();

      for (String program : List.of(old.toString(), temp.resolve("none").toString())) {
        assertThatThrownBy(() -> Worktrees.open(new Git(program), temp, WorktreeSettings.DEFAULT))
            .isInstanceOf(WorktreeException.class)
            .hasMessageContaining("git 2.39 or later");
      }
    }

    @Test
    void aDirectoryInsideTheRepositoryWillDo() throws Exception {
      Repo repo = Repo.at(temp.resolve("r"));
      assertThat(Worktrees.open(repo.path("dir"), WorktreeSettings.DEFAULT).top())
          .isEqualTo(repo.top());
    }

    @Test
    void worktreesAreIgnoredWithoutChangingTheUsersFiles() throws Exception {
      Repo repo = Repo.at(temp.resolve("r"));
      Map<String, String> before = repo.bytes();
      repo.open().create("r", "t", 1, List.of());
      repo.open();

      assertThat(repo.git("status", "--porcelain")).isEmpty();
      assertThat(repo.bytes()).isEqualTo(before);
      assertThat(Files.readString(repo.path(".git/info/exclude"))).containsOnlyOnce(".worktrees");
    }

    @Test
    void aNamedTargetMustExistAndBeCheckedOutNowhere() throws Exception {
      Repo repo = Repo.at(temp.resolve("r"));

      assertThatThrownBy(
              () -> Worktrees.open(repo.top(), WorktreeSettings.DEFAULT.withTarget("release")))
          .hasMessageContaining("no branch 'release'");
      assertThatThrownBy(
              () -> Worktrees.open(repo.top(), WorktreeSettings.DEFAULT.withTarget("main^0")))
          .hasMessageContaining("no branch 'main^0'");
      assertThatThrownBy(
              () -> Worktrees.open(repo.top(), WorktreeSettings.DEFAULT.withTarget("main")))
          .hasMessageContainingAll("main is checked out in " + repo.top(), "another 'target'");
    }
  }

  @Nested
  final class Working {
    private Repo repo;
    private Worktrees worktrees;

    @BeforeEach
    void open() throws Exception {
      repo = Repo.at(temp.resolve("a repo"));
      worktrees = repo.open();
    }

    private Worktree done(String task, String file, String content) throws Exception {
      Worktree made = worktrees.create("r", task, 1, List.of());
      Repo.write(made.directory(), file, content);
      return made;
    }

    @Test
    void aNamedTargetReceivesTheWork() throws Exception {
      repo.git("branch", "release");
      worktrees = Worktrees.open(repo.top(), WorktreeSettings.DEFAULT.withTarget("release"));
      Worktree task = done("t", "new", "1");

      assertThat(worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER))
          .isEqualTo(new MergeResult.Merged(repo.git("rev-parse", "release"), "release"));
      assertThat(repo.show("release", "new")).isEqualTo("1");
      assertThat(repo.exists("refs/heads/belay/r/merged")).isFalse();
    }

    @Test
    void aTargetThatSomebodyChecksOutMeanwhileIsNotMoved() throws Exception {
      Worktree task = done("t", "new", "1");
      repo.git("checkout", "--quiet", "belay/r/merged");

      assertThatThrownBy(() -> worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER))
          .hasMessageContaining("belay/r/merged is checked out in");
      repo.git("checkout", "--quiet", "main");

      worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);
      assertThat(repo.show("belay/r/merged", "new")).isEqualTo("1");
    }

    @Test
    void aDetachedHeadIsAStartLikeAnyOther() throws Exception {
      repo.git("checkout", "--quiet", "--detach");
      Worktree task = done("t", "new", "1");

      assertThat(worktrees.merge(task, MergeStrategy.REBASE, Favour.NEITHER))
          .isInstanceOf(MergeResult.Merged.class);
      assertThat(repo.git("rev-parse", "belay/r/merged~1"))
          .isEqualTo(repo.git("rev-parse", "HEAD"));
    }

    @Test
    void aLaterTaskSeesWhatWasMerged() throws Exception {
      Worktree first = done("first", "new", "1");
      worktrees.merge(first, MergeStrategy.SQUASH, Favour.NEITHER);

      Worktree second = worktrees.create("r", "second", 1, List.of(first.branch()));

      assertThat(second.directory().resolve("new")).exists();
      assertThat(second.base()).isEqualTo(repo.git("rev-parse", "belay/r/merged"));
      worktrees.cleanup(first);
      worktrees.create("r", "third", 1, List.of(first.branch()));
    }

    @Test
    void aLaterTaskSeesWorkThatIsNotToBeMerged() throws Exception {
      Worktree one = done("one", "one", "1");
      Worktree two = done("two", "two", "2");
      for (Worktree task : List.of(one, two)) {
        assertThat(worktrees.merge(task, MergeStrategy.NONE, Favour.NEITHER))
            .isEqualTo(new MergeResult.LeftOnBranch(task.branch()));
      }

      Worktree three = worktrees.create("r", "three", 1, List.of(one.branch(), two.branch()));

      assertThat(three.directory()).isDirectoryContaining("glob:**/one");
      assertThat(three.directory()).isDirectoryContaining("glob:**/two");
      assertThat(repo.files("belay/r/merged")).doesNotContain("one");
    }

    @Test
    void basesInConflictOrMissingAreTold() throws Exception {
      Worktree one = done("one", "a.txt", "1");
      Worktree two = done("two", "a.txt", "2");
      worktrees.commitLeftovers(one, "one");
      worktrees.commitLeftovers(two, "two");

      assertThatThrownBy(() -> worktrees.create("r", "x", 1, List.of(one.branch(), two.branch())))
          .hasMessageContainingAll("in conflict", "a.txt");
      assertThatThrownBy(() -> worktrees.create("r", "x", 1, List.of("--all")))
          .hasMessageContaining("no branch '--all'");
    }

    @Test
    void theNextAttemptTakesThePlaceAndTheWorkOfTheFirstIsKept() throws Exception {
      done("t", "new", "1");

      Worktree second = worktrees.create("r", "t", 2, List.of());

      assertThat(second.directory().resolve("new")).doesNotExist();
      assertThat(repo.show("belay/r/t/1", "new")).isEqualTo("1");
      assertThatThrownBy(() -> worktrees.create("r", "t", 1, List.of()))
          .hasMessageContainingAll("branch with work", "belay/r/t/1");
    }

    @Test
    void foreignFilesInTheWayAreNotTouched() throws Exception {
      Repo.write(repo.top(), ".worktrees/r/t/mine", "precious");

      assertThatThrownBy(() -> worktrees.create("r", "t", 1, List.of()))
          .hasMessageContaining("is in the way");
      assertThat(repo.path(".worktrees/r/t/mine")).hasContent("precious");
    }

    @Test
    void whatWasMergedIsNotMergedTwice() throws Exception {
      for (MergeStrategy strategy :
          List.of(MergeStrategy.MERGE, MergeStrategy.SQUASH, MergeStrategy.REBASE)) {
        done("other" + strategy, "other" + strategy, "1");
        Worktree task = done("t" + strategy, "f" + strategy, "1");
        worktrees.merge(
            worktrees.create("r", "between" + strategy, 1, List.of()), strategy, Favour.NEITHER);
        assertThat(worktrees.merge(task, strategy, Favour.NEITHER))
            .isInstanceOf(MergeResult.Merged.class);
        assertThat(worktrees.merge(task, strategy, Favour.NEITHER))
            .isEqualTo(new MergeResult.NothingToMerge("belay/r/merged"));
        Repo.write(task.directory(), "f" + strategy, "2");
        assertThat(worktrees.merge(task, strategy, Favour.NEITHER))
            .isInstanceOf(MergeResult.Merged.class);
        assertThat(repo.show("belay/r/merged", "f" + strategy)).isEqualTo("2");
      }
    }

    @Test
    void rebasedCommitsKeepAuthorDateAndWords() throws Exception {
      Worktree task = worktrees.create("r", "t", 1, List.of());
      Repo.write(task.directory(), "one", "1");
      Repo.git(task.directory(), "add", "--all");
      String[] commit = {
        "commit",
        "--quiet",
        "--author=\u00c4 B <a@b.c>",
        "--date=2020-02-03T04:05:06+0200",
        "-m",
        "T\u00eatle\n\nbody"
      };
      Repo.git(task.directory(), commit);
      Worktree other = done("other", "two", "2");
      worktrees.merge(other, MergeStrategy.MERGE, Favour.NEITHER);

      worktrees.merge(task, MergeStrategy.REBASE, Favour.NEITHER);

      String format = "--format=%an|%ae|%ad|%B";
      assertThat(repo.git("log", "-1", format, "belay/r/merged"))
          .isEqualTo(repo.git("log", "-1", format, task.branch()))
          .contains("T\u00eatle");
      assertThat(repo.show("belay/r/merged", "two")).isEqualTo("2");
    }

    @Test
    void workWithMergesInItIsJoinedInsteadOfRebased() throws Exception {
      Worktree task = done("t", "new", "1");
      Repo.commit(task.directory(), "one");
      Repo.git(task.directory(), "checkout", "--quiet", "-b", "side", task.base());
      Repo.write(task.directory(), "side", "2");
      Repo.commit(task.directory(), "side");
      Repo.git(task.directory(), "checkout", "--quiet", task.branch());
      Repo.git(task.directory(), "merge", "--quiet", "--no-edit", "side");

      worktrees.merge(task, MergeStrategy.REBASE, Favour.NEITHER);

      assertThat(repo.files("belay/r/merged")).contains("new", "side");
      assertThat(repo.git("rev-parse", "belay/r/merged^2"))
          .isEqualTo(repo.git("rev-parse", task.branch()));
    }

    @Test
    void namesOfAllKindsWillDo() throws Exception {
      List<String> names =
          List.of(
              "merged",
              "--all",
              "a b",
              "a/b",
              "..",
              "\u65e5\u672c",
              "x.lock",
              "\n",
              "a\0b",
              "y".repeat(300),
              "",
              "@{-1}",
              "a b ");
      for (String name : names) {
        Worktree task = worktrees.create(name, name, 1, List.of());
        Repo.write(task.directory(), "new", "1");
        MergeResult result = worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);
        assertThat(result).isInstanceOf(MergeResult.Merged.class);
        assertThat(task.directory()).startsWith(repo.path(".worktrees"));
      }
      assertThat(repo.git("branch", "--list", "belay/*").lines()).hasSize(names.size() * 2);
      assertThat(worktrees.prune("a\0b")).hasSize(1);
      assertThat(worktrees.prune("")).hasSize(1);
      assertThat(repo.git("branch", "--list", "belay/*").lines()).hasSize(names.size() * 2 - 2);
    }

    @Test
    void filesWithStrangeNamesAreMergedAndToldOf() throws Exception {
      List<String> names =
          List.of("new\nline", "--option", " space ", "\u65e5\u672c", "quo\"te", ":(glob)*", "*");
      Worktree one = worktrees.create("r", "one", 1, List.of());
      Worktree two = worktrees.create("r", "two", 1, List.of());
      for (String name : names) {
        Repo.write(one.directory(), name, "one\n");
        Repo.write(two.directory(), name, "two\n");
      }
      worktrees.merge(one, MergeStrategy.MERGE, Favour.NEITHER);

      MergeResult result = worktrees.merge(two, MergeStrategy.MERGE, Favour.NEITHER);

      assertThat(((MergeResult.Conflict) result).files())
          .containsExactlyInAnyOrderElementsOf(names);
      assertThat(worktrees.merge(two, MergeStrategy.MERGE, Favour.THEIRS))
          .isInstanceOf(MergeResult.Merged.class);
      for (String name : names) {
        assertThat(repo.show("belay/r/merged", name)).isEqualTo("two");
      }
    }

    @Test
    void whoeverIsUnknownToGitCommitsAsBelay() throws Exception {
      repo.git("config", "--unset", "user.name");
      Git git = Gits.withoutUser(temp);
      worktrees = Worktrees.open(git, repo.top(), WorktreeSettings.DEFAULT);
      Worktree task = done("t", "new", "1");

      worktrees.merge(task, MergeStrategy.SQUASH, Favour.NEITHER);

      String author = "--format=%an <%ae> %cn";
      assertThat(repo.git("log", "-1", author, task.branch()))
          .isEqualTo(repo.git("log", "-1", author, "belay/r/merged"))
          .isEqualTo("belay <belay@localhost> belay");
    }

    @Test
    void pruningCommitsWhatADeadRunLeft() throws Exception {
      done("unmerged", "left", "1");
      Worktree merged = done("merged task", "m", "1");
      worktrees.merge(merged, MergeStrategy.SQUASH, Favour.NEITHER);
      repo.git("branch", "belay/r/interrupted/1");
      Worktree alive = worktrees.create("other run", "t", 1, List.of());

      List<Cleanup> done = repo.open().prune("r");

      assertThat(done)
          .containsExactlyInAnyOrder(
              new Cleanup.BranchKept(
                  "belay/r/unmerged/1", "its work has not been merged into belay/r/merged"),
              new Cleanup.Removed(merged.branch()),
              new Cleanup.Removed("belay/r/interrupted/1"));
      assertThat(repo.show("belay/r/unmerged/1", "left")).isEqualTo("1");
      assertThat(merged.directory()).doesNotExist();
      assertThat(alive.directory()).exists();
      assertThat(worktrees.prune("never heard of")).isEmpty();
      assertThat(repo.git("branch", "--list", "belay/never*")).isEmpty();
      worktrees.forget("r");
      assertThat(repo.git("for-each-ref", "refs/belay")).isEmpty();
    }

    @Test
    void aBranchThatTheUserLooksAtIsNotDeleted() throws Exception {
      Worktree task = done("t", "new", "1");
      worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);
      Repo.git(task.directory(), "checkout", "--quiet", "--detach");
      repo.git("checkout", "--quiet", task.branch());
      // The agent's own worktree is away from its branch, as the user's is on it.
      Directories.delete(task.directory());

      assertThat(worktrees.cleanup(task))
          .isEqualTo(new Cleanup.BranchKept(task.branch(), "somebody uses it"));
      assertThat(repo.git("status", "--porcelain")).isEmpty();
    }

    @Test
    void worktreesCanBeElsewhere() throws Exception {
      Path elsewhere = temp.resolve("else where");
      worktrees = Worktrees.open(repo.top(), WorktreeSettings.DEFAULT.withDirectory(elsewhere));

      assertThat(done("t", "new", "1").directory()).isEqualTo(elsewhere.resolve("r/t"));
      assertThatThrownBy(
              () -> Worktrees.open(repo.top(), WorktreeSettings.DEFAULT.withDirectory(temp)))
          .hasMessageContaining("a 'directory' of their own");
    }
  }
}
