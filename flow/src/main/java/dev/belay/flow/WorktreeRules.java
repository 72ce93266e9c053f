package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How tasks work on a repository without stepping on each other's feet. Immutable.
 *
 * @param on whether each task has a worktree of its own; otherwise all work in one directory
 * @param strategy how what a task did comes together with the rest
 * @param target the branch that it is merged into; one of the run's own if empty
 */
public record WorktreeRules(boolean on, Strategy strategy, Optional<String> target) {

  /** Ways to merge. */
  public enum Strategy {
    /** A commit with two parents. */
    MERGE,
    /** One commit with all that was done. */
    SQUASH,
    /** Each commit again, on top of the rest. */
    REBASE,
    /** Not at all: branches are left as they are. */
    NONE
  }

  /** All tasks in one directory. */
  public static final WorktreeRules OFF = new WorktreeRules(false, Strategy.NONE, Optional.empty());

  /** Rejects nothing but nulls. */
  public WorktreeRules {
    requireNonNull(strategy, "strategy");
    requireNonNull(target, "target");
  }
}
