package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManyAtOnceTest {
  private static final List<MergeStrategy> STRATEGIES =
      List.of(MergeStrategy.MERGE, MergeStrategy.SQUASH, MergeStrategy.REBASE);

  @TempDir Path temp;

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void eightTasksThatMergeAtOnceAllLand() throws Exception {
    Repo repo = Repo.at(temp.resolve("repo"));
    Worktrees worktrees = repo.open();
    List<Callable<MergeResult>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "t" + i;
      MergeStrategy strategy = STRATEGIES.get(i % STRATEGIES.size());
      tasks.add(() -> {
        Worktree task = worktrees.create("r", name, 1, List.of());
        Repo.write(task.directory(), name, name);
        return worktrees.merge(task, strategy, Favour.NEITHER);
      });
    }

    assertThat(together(tasks)).allMatch(MergeResult.Merged.class::isInstance);

    assertThat(repo.files("belay/r/merged"))
        .contains("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "a.txt");
    assertThat(worktrees.prune("r")).hasSize(8).allMatch(Cleanup.Removed.class::isInstance);
    assertThat(repo.git("status", "--porcelain")).isEmpty();
  }

  /** Moves a branch just before others move it, so many times. */
  private static final class Mover implements Git.Steps {
    private final Repo repo;
    private int left;

    Mover(Repo repo, int times) {
      this.repo = repo;
      this.left = times;
    }

    @Override
    public void before(GitCall call) throws InterruptedException {
      if (call.arguments().contains("update-ref") && left > 0) {
        left--;
        try {
          String[] commit = {
            "commit-tree", "-p", "release", "-m", "moved " + left, "release^{tree}"
          };
          repo.git("update-ref", "refs/heads/release", repo.git(commit));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void during(GitCall call) {}
  }

  @Test
  void aTargetThatMovesMeanwhileIsMergedIntoAsItIsThen() throws Exception {
    Repo repo = Repo.at(temp.resolve("repo"));
    repo.git("branch", "release");
    Worktree task = taskFor(repo);

    Git git = new Git("git", new Mover(repo, 2));
    assertThat(landing(git, repo, 3).land(task, MergeStrategy.MERGE, Favour.NEITHER))
        .isInstanceOf(MergeResult.Merged.class);

    assertThat(repo.git("log", "--format=%s", "--first-parent", "release"))
        .isEqualTo("Merge task 't' of run 'r'\nmoved 0\nmoved 1\nstart");
  }

  @Test
  void aTargetThatNeverStandsStillIsGivenUpAndTheWorkKept() throws Exception {
    Repo repo = Repo.at(temp.resolve("repo"));
    repo.git("branch", "release");
    Worktree task = taskFor(repo);

    Git git = new Git("git", new Mover(repo, Integer.MAX_VALUE));
    assertThatThrownBy(() -> landing(git, repo, 3).land(task, MergeStrategy.MERGE, Favour.NEITHER))
        .hasMessageContainingAll("could not move release", "3 tries", "kept on belay/r/t/1");

    assertThat(repo.show("belay/r/t/1", "new")).isEqualTo("1");
  }

  private static Worktree taskFor(Repo repo) throws Exception {
    var settings = WorktreeSettings.DEFAULT.withTarget("release");
    Worktrees worktrees = Worktrees.open(repo.top(), settings);
    Worktree task = worktrees.create("r", "t", 1, List.of());
    Repo.write(task.directory(), "new", "1");
    worktrees.commitLeftovers(task, "work");
    return task;
  }

  private static Landing landing(Git git, Repo repo, int tries) throws Exception {
    return new Landing(Repository.open(git, repo.top()), tries);
  }

  /** What each task writes, deletes (empty text) or leaves. */
  private record Edits(List<Map<String, String>> tasks) {}

  private static Edits anyEdits(RandomGenerator random) {
    List<Map<String, String>> tasks = new ArrayList<>();
    int count = 2 + random.nextInt(2);
    for (int task = 0; task < count; task++) {
      Map<String, String> edits = new TreeMap<>();
      for (int edit = random.nextInt(5); edit >= 0; edit--) {
        String directory = List.of("", "x/", "x/y/", "z z/").get(random.nextInt(4));
        String content = random.nextInt(4) == 0 ? "" : "v" + random.nextInt(1000) + "\n";
        edits.put(directory + task + "-" + random.nextInt(3), content);
      }
      tasks.add(edits);
    }
    return new Edits(tasks);
  }

  @Test
  void editsOfDifferentFilesAlwaysMergeIntoTheUnion() throws Exception {
    Repo repo = Repo.empty(temp.resolve("repo"));
    for (int task = 0; task < 3; task++) {
      repo.write("x/" + task + "-0", "old " + task).write(task + "-1", "old " + task);
    }
    Repo.commit(repo.top(), "start");
    Worktrees worktrees = repo.open();
    int[] run = {0};
    Cases.check(
        5,
        ManyAtOnceTest::anyEdits,
        edits -> {
          try {
            run[0]++;
            merge(repo, worktrees, "r" + run[0], edits);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void merge(Repo repo, Worktrees worktrees, String run, Edits edits)
      throws Exception {
    Map<String, String> union = new TreeMap<>();
    for (int task = 0; task < 3; task++) {
      union.put("x/" + task + "-0", "old " + task);
      union.put(task + "-1", "old " + task);
    }
    List<Worktree> made = new ArrayList<>();
    for (int task = 0; task < edits.tasks().size(); task++) {
      made.add(worktrees.create(run, "t" + task, 1, List.of()));
    }
    for (int task = 0; task < edits.tasks().size(); task++) {
      for (var edit : edits.tasks().get(task).entrySet()) {
        if (edit.getValue().isEmpty()) {
          Files.deleteIfExists(made.get(task).directory().resolve(edit.getKey()));
          union.remove(edit.getKey());
        } else {
          Repo.write(made.get(task).directory(), edit.getKey(), edit.getValue());
          union.put(edit.getKey(), edit.getValue().strip());
        }
      }
      MergeStrategy strategy = STRATEGIES.get(task % STRATEGIES.size());
      assertThat(worktrees.merge(made.get(task), strategy, Favour.NEITHER))
          .isNotInstanceOf(MergeResult.Conflict.class);
    }
    Map<String, String> merged = new TreeMap<>();
    for (String file : repo.files("belay/" + run + "/merged").lines().toList()) {
      merged.put(file, repo.show("belay/" + run + "/merged", file));
    }
    assertThat(merged).isEqualTo(union);
  }
}
