package dev.belay.flow;

import static java.util.Objects.requireNonNull;

/**
 * What a step of a task came to. Immutable.
 *
 * @param run to which it belongs
 * @param task whose it is
 * @param step of the task's workflow, counted from 0
 * @param text all of it
 */
public record TaskResult(String run, String task, int step, String text) implements Change {
  /** Rejects nothing but nulls. */
  public TaskResult {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(text, "text");
  }
}
