package dev.belay.flow.run;

import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.PlanProblem;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.worktree.Cleanup;
import dev.belay.flow.worktree.Favour;
import dev.belay.flow.worktree.MergeQueue;
import dev.belay.flow.worktree.MergeResult;
import dev.belay.flow.worktree.MergeStrategy;
import dev.belay.flow.worktree.Worktree;
import dev.belay.flow.worktree.WorktreeException;
import dev.belay.flow.worktree.WorktreeSettings;
import dev.belay.flow.worktree.Worktrees;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A worktree for each task, and one line of merges in the order of the plan. */
final class WorktreeWorkspace implements Workspace {
  private static final int MOST_ATTEMPTS = 10_000;

  private final String run;
  private final Worktrees worktrees;
  private final MergeQueue queue;
  private final MergeStrategy strategy;
  private final Map<String, Integer> order = new HashMap<>();

  private WorktreeWorkspace(String run, Plan plan, Worktrees worktrees) {
    this.run = run;
    this.worktrees = worktrees;
    this.queue = new MergeQueue(worktrees);
    this.strategy = MergeStrategy.valueOf(plan.worktrees().strategy().name());
    List<String> ids = plan.order();
    for (int at = 0; at < ids.size(); at++) {
      order.put(ids.get(at), at);
    }
  }

  /**
   * Opens the repository that a directory is in, and clears up after runs that are dead.
   *
   * @param isDead whether nothing will be done of a run any more
   * @throws PlanException if there is none that can be used
   */
  static Workspace of(String run, Plan plan, Path directory, Predicate<String> isDead) {
    WorktreeSettings settings = new WorktreeSettings(Optional.empty(), plan.worktrees().target());
    try {
      Worktrees worktrees = Worktrees.open(directory, settings);
      worktrees.begin(run);
      worktrees.pruneAll(isDead);
      return new WorktreeWorkspace(run, plan, worktrees);
    } catch (WorktreeException refused) {
      throw new PlanException(
          List.of(new PlanProblem("worktrees", String.valueOf(refused.getMessage()))));
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
      throw new PlanException(List.of(new PlanProblem("worktrees", "interrupted")));
    }
  }

  private record Tree(Worktree worktree) implements Place {
    @Override
    public Path directory() {
      return worktree.directory();
    }

    @Override
    public String branch() {
      return worktree.branch();
    }
  }

  @Override
  public Place open(TaskStatus task) throws InterruptedException {
    try {
      Optional<Worktree> before =
          task.branch().isEmpty() ? Optional.empty() : worktrees.find(run, task.task());
      if (before.isPresent()) {
        return new Tree(before.get());
      }
      return new Tree(worktrees.create(run, task.task(), number(task.branch()), List.of()));
    } catch (WorktreeException refused) {
      throw new WorkspaceFailed(refused);
    }
  }

  /** The attempt after the one whose branch a task has had. */
  private static int number(String branch) {
    String last = branch.substring(branch.lastIndexOf('/') + 1);
    return last.matches("\\d{1,5}") ? Math.min(MOST_ATTEMPTS, Integer.parseInt(last) + 1) : 1;
  }

  @Override
  public Merged finish(TaskStatus task, Place place) throws InterruptedException {
    Worktree worktree = ((Tree) place).worktree();
    try {
      MergeResult result =
          queue.merge(order.getOrDefault(task.task(), 0), worktree, strategy, Favour.NEITHER);
      return switch (result) {
        case MergeResult.Merged(var commit, var target) -> {
          worktrees.cleanup(worktree);
          yield new Merged.Clean("merged into %s as %s".formatted(target, commit.substring(0, 8)));
        }
        case MergeResult.NothingToMerge nothing -> {
          worktrees.cleanup(worktree);
          yield new Merged.Clean("nothing to merge");
        }
        case MergeResult.LeftOnBranch(var branch) -> {
          worktrees.cleanup(worktree);
          yield new Merged.Clean("left on branch " + branch);
        }
        case MergeResult.Conflict(var files, var branch) ->
            new Merged.Conflict(
                "done, but in conflict with what is merged already in %s; its work is on branch %s in %s: merge it by hand, or resume to do it anew"
                    .formatted(String.join(", ", files), branch, worktree.directory()));
      };
    } catch (WorktreeException refused) {
      throw new WorkspaceFailed(refused);
    }
  }

  @Override
  public Optional<String> keep(TaskStatus task, Place place) throws InterruptedException {
    try {
      return switch (worktrees.cleanup(((Tree) place).worktree())) {
        case Cleanup.Removed gone -> Optional.empty();
        case Cleanup.BranchKept(var branch, var why) ->
            Optional.of("what it wrote is on branch " + branch);
        case Cleanup.AllKept(var directory, var branch, var why) ->
            Optional.of("what it wrote is on branch %s in %s".formatted(branch, directory));
      };
    } catch (WorktreeException refused) {
      throw new WorkspaceFailed(refused);
    }
  }

  /** Git did not allow what had to be done. */
  static final class WorkspaceFailed extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    WorkspaceFailed(WorktreeException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
