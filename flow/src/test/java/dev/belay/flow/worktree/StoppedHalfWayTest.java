package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts each step of a merge in turn; afterwards it is repeated, and nothing is missing. */
final class StoppedHalfWayTest {
  @TempDir Path temp;

  /** Interrupts the thread while one step runs: what is brief ends, the rest is killed. */
  private static final class Interrupter implements Git.Steps {
    private int left = Integer.MAX_VALUE;

    @Override
    public void before(GitCall call) {
      left--;
    }

    @Override
    public void during(GitCall call) {
      if (left == 0) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aMergeStoppedAtAnyStepLosesNothing() throws Exception {
    stopAtEachStep(MergeStrategy.SQUASH, new Interrupter());
  }

  private void stopAtEachStep(MergeStrategy strategy, Interrupter steps) throws Exception {
    Repo repo = Repo.at(temp.resolve("repo"));
    Worktrees worktrees =
        Worktrees.open(new Git("git", steps), repo.top(), WorktreeSettings.DEFAULT);
    Map<String, String> before = repo.bytes();
    int step = 1;
    while (!stopAt(step, steps, repo, worktrees, strategy)) {
      step++;
    }
    assertThat(step).isGreaterThan(10);
    assertThat(repo.bytes()).isEqualTo(before);
    assertThat(locks(repo)).isEmpty();
  }

  /** Whether it was over before that step. */
  private static boolean stopAt(
      int step, Interrupter steps, Repo repo, Worktrees worktrees, MergeStrategy strategy)
      throws Exception {
    Worktree task = worktrees.create("r" + step, "t", 1, List.of());
    Repo.write(task.directory(), "left", "uncommitted\n");

    steps.left = step + 1;
    boolean finished = true;
    try {
      worktrees.merge(task, strategy, Favour.NEITHER);
      // Interrupted in the very end it may have come through; others will see the interrupt.
      finished = steps.left > 0 && !Thread.interrupted();
    } catch (InterruptedException stopped) {
      finished = false;
    }
    steps.left = Integer.MAX_VALUE;

    assertThat(task.directory().resolve("left")).hasContent("uncommitted");
    MergeResult again = worktrees.merge(task, strategy, Favour.NEITHER);
    assertThat(again).isNotInstanceOf(MergeResult.Conflict.class);
    assertThat(repo.show(task.target(), "left")).isEqualTo("uncommitted");
    assertThat(repo.git("log", "--oneline", task.target()).lines()).hasSizeLessThan(4);
    return finished;
  }

  /** Something to do that may be stopped. */
  private interface Act<T> {
    T run() throws WorktreeException, InterruptedException;
  }

  /** Empty if it was stopped. */
  private static <T> Optional<T> stoppedAt(int step, Interrupter steps, Act<T> act)
      throws WorktreeException {
    steps.left = step;
    try {
      T result = act.run();
      return Thread.interrupted() ? Optional.empty() : Optional.of(result);
    } catch (InterruptedException stopped) {
      return Optional.empty();
    } finally {
      steps.left = Integer.MAX_VALUE;
    }
  }

  @Test
  void creatingAndCleaningUpCanBeStoppedAndRepeated() throws Exception {
    Repo repo = Repo.at(temp.resolve("repo"));
    var steps = new Interrupter();
    Worktrees worktrees =
        Worktrees.open(new Git("git", steps), repo.top(), WorktreeSettings.DEFAULT);
    boolean stopped = true;
    for (int step = 1; stopped; step++) {
      String name = "t" + step;
      var first = stoppedAt(step, steps, () -> worktrees.create("r", name, 1, List.of()));
      Worktree task = first.isPresent() ? first.get() : worktrees.create("r", name, 1, List.of());
      assertThat(Repo.git(task.directory(), "status", "--porcelain")).isEmpty();
      Repo.write(task.directory(), name, name);
      worktrees.merge(task, MergeStrategy.SQUASH, Favour.NEITHER);
      String merged = repo.git("rev-parse", task.target());

      var cleanup = stoppedAt(step, steps, () -> worktrees.cleanup(task));
      worktrees.prune("r");

      assertThat(task.directory()).doesNotExist();
      assertThat(repo.exists("refs/heads/" + task.branch())).isFalse();
      assertThat(repo.git("rev-parse", task.target())).isEqualTo(merged);
      stopped = first.isEmpty() || cleanup.isEmpty();
    }
    assertThat(repo.git("worktree", "list").lines()).hasSize(1);
    assertThat(locks(repo)).isEmpty();
  }

  private static List<Path> locks(Repo repo) throws IOException {
    try (Stream<Path> walk = Files.walk(repo.top())) {
      return walk.filter(file -> file.toString().endsWith(".lock")).toList();
    }
  }
}
