package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
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
        6,
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
