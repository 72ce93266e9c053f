package dev.belay.flow.journal;

import static java.util.Objects.requireNonNull;

/**
 * A wish of another process for the one that carries a run out: to stop it, or one of its tasks.
 * Immutable.
 *
 * @param run which run
 * @param task which task; empty for the whole run
 */
public record Request(String run, String task) {
  /** Rejects nothing but nulls. */
  public Request {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
  }
}
