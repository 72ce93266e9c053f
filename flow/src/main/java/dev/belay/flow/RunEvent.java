package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened in a run. Immutable.
 *
 * @param sequence counted within the run, without gaps since its process took it up; a process that
 *     takes it up again begins beyond all that was told before
 * @param at when
 * @param kind of what
 * @param run in which
 * @param task to which; empty for the run as a whole
 * @param text for people: a line of output, the state of a breaker
 * @param change what is different now, for a {@link Kind#CHANGE}
 */
public record RunEvent(
    long sequence,
    Instant at,
    Kind kind,
    String run,
    String task,
    String text,
    Optional<Change> change) {

  /** Kinds of events. */
  public enum Kind {
    /** Something that is remembered is different. */
    CHANGE,
    /** An agent said something. May be left out for who listens too slowly. */
    OUTPUT,
    /** A breaker opened, let a probe through or closed. */
    BREAKER,
    /** An account rests, or goes on. */
    COOLDOWN,
    /** What a task did was merged, or could not be. */
    MERGE,
    /** Events of output were left out; the text says how many. */
    DROPPED
  }

  /** Rejects nothing but nulls. */
  public RunEvent {
    requireNonNull(at, "at");
    requireNonNull(kind, "kind");
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(text, "text");
    requireNonNull(change, "change");
  }
}
