package dev.belay.flow;

import static java.util.Objects.requireNonNull;

/**
 * A conversation that may exist and can be carried on. Immutable.
 *
 * @param run to which it belongs
 * @param task about which it is
 * @param step of the task's workflow, counted from 0
 * @param backend that keeps it
 * @param session its id there; empty if it is to be forgotten
 */
public record SessionNote(String run, String task, int step, String backend, String session)
    implements Change {
  /** Rejects nothing but nulls. */
  public SessionNote {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(backend, "backend");
    requireNonNull(session, "session");
  }
}
