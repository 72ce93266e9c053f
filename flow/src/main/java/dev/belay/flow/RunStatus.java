package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A run as it is now. Immutable.
 *
 * @param run its id
 * @param name of its plan
 * @param state where it is
 * @param why it is there, for people; may be empty
 * @param directory in which its tasks work
 * @param started when it was submitted
 * @param ended when it ended for the time being
 * @param spend of all tasks
 */
public record RunStatus(
    String run,
    String name,
    RunState state,
    String why,
    String directory,
    Instant started,
    Optional<Instant> ended,
    Spend spend)
    implements Change {

  /** Rejects nothing but nulls. */
  public RunStatus {
    requireNonNull(run, "run");
    requireNonNull(name, "name");
    requireNonNull(state, "state");
    requireNonNull(why, "why");
    requireNonNull(directory, "directory");
    requireNonNull(started, "started");
    requireNonNull(ended, "ended");
    requireNonNull(spend, "spend");
  }

  /** The same in another state. */
  public RunStatus in(RunState next, String reason, Optional<Instant> end) {
    return new RunStatus(run, name, next, reason, directory, started, end, spend);
  }

  /** The same with other costs. */
  public RunStatus withSpend(Spend all) {
    return new RunStatus(run, name, state, why, directory, started, ended, all);
  }
}
