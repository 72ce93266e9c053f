package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Something that was said about a task. Immutable.
 *
 * @param run to which it belongs
 * @param task about which
 * @param from {@code user}, or the backend that said it
 * @param text what
 * @param at when
 */
public record Message(String run, String task, String from, String text, Instant at)
    implements Change {
  /** Rejects nothing but nulls. */
  public Message {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(from, "from");
    requireNonNull(text, "text");
    requireNonNull(at, "at");
  }
}
