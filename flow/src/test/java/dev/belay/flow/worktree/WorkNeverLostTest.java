package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flow.lock.FileLocks;
import dev.belay.flow.lock.Held;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five ways in which work has been lost before. */
final class WorkNeverLostTest {
  private static final String MERGED = "belay/r/merged";

  @TempDir Path temp;
  private Repo repo;
  private Worktrees worktrees;

  @BeforeEach
  void open() throws Exception {
    repo = Repo.at(temp.resolve("repo"));
    worktrees = repo.open();
  }

  private Worktree task(String name) throws Exception {
    return worktrees.create("r", name, 1, List.of());
  }

  @Test
  void changesThatTheAgentDidNotCommitAreMerged() throws Exception {
    Worktree task = task("t");
    Repo.write(task.directory(), "a.txt", "changed\n");
    Repo.write(task.directory(), "new/file", "untracked\n");
    Repo.write(task.directory(), "build.o", "ignored\n");

    MergeResult result = worktrees.merge(task, MergeStrategy.MERGE, Favour.NEITHER);

    assertThat(result).isInstanceOf(MergeResult.Merged.class);
    assertThat(worktrees.cleanup(task)).isEqualTo(new Cleanup.Removed("belay/r/t/1"));
    assertThat(repo.show(MERGED, "a.txt")).isEqualTo("changed");
    assertThat(repo.show(MERGED, "new/file")).isEqualTo("untracked");
    assertThat(repo.files(MERGED)).doesNotContain("build.o");
    assertThat(task.directory()).doesNotExist();
  }

  @Test
  void cleaningUpWithoutMergingKeepsWhatWasNotCommitted() throws Exception {
    Worktree task = task("t");
    Repo.write(task.directory(), "new", "untracked\n");

    Cleanup cleanup = worktrees.cleanup(task);

    assertThat(cleanup).isInstanceOf(Cleanup.AllKept.class);
    assertThat(cleanup.toString()).contains("has not been merged into belay/r/merged");
    assertThat(repo.show("belay/r/t/1", "new")).isEqualTo("untracked");
    assertThat(task.directory().resolve("new")).exists();
  }

  @Test
  void aConflictKeepsBothSides() throws Exception {
    Worktree one = task("one");
    Worktree two = task("two");
    Repo.write(one.directory(), "a.txt", "one\n");
    Repo.write(two.directory(), "a.txt", "two\n");
    worktrees.merge(one, MergeStrategy.MERGE, Favour.NEITHER);

    for (MergeStrategy strategy :
        List.of(MergeStrategy.MERGE, MergeStrategy.SQUASH, MergeStrategy.REBASE)) {
      assertThat(worktrees.merge(two, strategy, Favour.NEITHER))
          .isEqualTo(new MergeResult.Conflict(List.of("a.txt"), "belay/r/two/1"));
    }

    assertThat(worktrees.cleanup(two)).isInstanceOf(Cleanup.AllKept.class);
    assertThat(worktrees.prune("r"))
        .containsExactlyInAnyOrder(
            new Cleanup.Removed("belay/r/one/1"),
            new Cleanup.BranchKept(
                "belay/r/two/1", "its work has not been merged into belay/r/merged"));
    assertThat(repo.show(MERGED, "a.txt")).isEqualTo("one");
    assertThat(repo.show("belay/r/two/1", "a.txt")).isEqualTo("two");
  }

  @Test
  void favouringASideKeepsAllElseThatTheOtherDid() throws Exception {
    for (MergeStrategy strategy :
        List.of(MergeStrategy.MERGE, MergeStrategy.SQUASH, MergeStrategy.REBASE)) {
      assertThat(favoured(strategy, Favour.OURS)).startsWith("first\n").endsWith("END");
      assertThat(favoured(strategy, Favour.THEIRS)).startsWith("second\n").endsWith("END");
    }
  }

  /** The first line is in conflict, the last is not, and a binary file is too. */
  private String favoured(MergeStrategy strategy, Favour favour) throws Exception {
    String run = strategy + "-" + favour;
    Worktree first = worktrees.create(run, "first", 1, List.of());
    Worktree second = worktrees.create(run, "second", 1, List.of());
    Repo.write(first.directory(), "a.txt", Repo.LINES.replace("1", "first"));
    Repo.write(first.directory(), "bin", "\0first");
    Repo.write(second.directory(), "a.txt", Repo.LINES.replace("1", "second").replace("9", "END"));
    Repo.write(second.directory(), "bin", "\0second");
    Repo.write(second.directory(), "own", "own\n");
    worktrees.merge(first, MergeStrategy.MERGE, Favour.NEITHER);

    assertThat(worktrees.merge(second, strategy, favour)).isInstanceOf(MergeResult.Merged.class);

    String merged = "belay/" + run + "/merged";
    assertThat(repo.show(merged, "own")).isEqualTo("own");
    assertThat(repo.show(merged, "bin")).isEqualTo(favour == Favour.OURS ? "\0first" : "\0second");
    return repo.show(merged, "a.txt");
  }

  @Test
  void favouringASideDoesNotDecideWhetherAFileIsDeleted() throws Exception {
    Worktree one = task("one");
    Worktree two = task("two");
    Files.delete(one.directory().resolve("a.txt"));
    Repo.write(two.directory(), "a.txt", "two\n");
    worktrees.merge(one, MergeStrategy.MERGE, Favour.NEITHER);

    assertThat(worktrees.merge(two, MergeStrategy.MERGE, Favour.THEIRS))
        .isEqualTo(new MergeResult.Conflict(List.of("a.txt"), "belay/r/two/1"));
  }

  @Test
  void mergingTouchesNeitherTheUsersFilesNorTheIndex() throws Exception {
    repo.write("a.txt", "the user is at work\n").write("note", "untracked\n");
    repo.write("staged", "staged\n").git("add", "staged");
    Files.delete(repo.path("dir/b"));
    Map<String, String> before = repo.bytes();
    Checkout checkout = worktrees.checkout();

    for (MergeStrategy strategy : MergeStrategy.values()) {
      Worktree task = task("t" + strategy);
      Repo.write(task.directory(), "a.txt", strategy + "\n");
      worktrees.merge(task, strategy, Favour.THEIRS);
      worktrees.cleanup(task);
    }
    worktrees.prune("r");

    assertThat(repo.bytes()).isEqualTo(before);
    assertThat(checkout.isDirty()).isTrue();
    assertThat(checkout.files()).containsOnlyKeys("a.txt", "note", "staged", "dir/b");
    assertThat(worktrees.leaked(checkout)).isEmpty();
    assertThat(repo.git("branch", "--show-current")).isEqualTo("main");
    assertThat(repo.show(MERGED, "a.txt")).isEqualTo("REBASE");
  }

  @Test
  void aWriterThatWaitedForItsFilesStartsFromWhatWasMerged() throws Exception {
    var locks = new FileLocks(repo.top());
    Held held = locks.acquire("one", Set.of("a.txt"));
    Worktree one = task("one");
    Repo.write(one.directory(), "a.txt", Repo.LINES.replace("1", "one"));
    var second =
        new FutureTask<>(() -> {
          try (Held mine = locks.acquire("two", Set.of("./a.txt"))) {
            Worktree two = task("two");
            String seen = Files.readString(two.directory().resolve("a.txt"));
            Repo.write(two.directory(), "a.txt", seen.replace("one", "one, two"));
            assertThat(mine.writes()).containsExactly("a.txt");
            return worktrees.merge(two, MergeStrategy.MERGE, Favour.NEITHER);
          }
        });
    Thread.ofVirtual().start(second);
    while (locks.waiting().isEmpty()) {
      Thread.onSpinWait();
    }

    worktrees.merge(one, MergeStrategy.MERGE, Favour.NEITHER);
    held.close();

    assertThat(second.get()).isInstanceOf(MergeResult.Merged.class);
    assertThat(repo.show(MERGED, "a.txt")).startsWith("one, two\n2\n");
  }
}
