package dev.belay.chaos.session;

import java.time.Instant;
import java.util.List;

/**
 * Where sessions are remembered: what they are to do, and a journal of what happened. What was
 * taken is there after a crash. Safe for any number of threads; one session is written by one.
 */
public interface SessionStore {
  /**
   * Takes a new session.
   *
   * @throws java.io.UncheckedIOException if it cannot be written down
   * @throws IllegalArgumentException if there is one of that id
   */
  void create(String id, SessionSpec spec, Instant at);

  /**
   * Takes what happened next; it is safe when this returns.
   *
   * @throws java.io.UncheckedIOException if it cannot be written down
   * @throws IllegalArgumentException if there is no session of that id
   */
  void append(String id, Entry entry);

  /** All that is remembered, oldest first. What cannot be read is left out, and said. */
  List<Saved> load();

  /** Forgets a session, if there is one of that id. */
  void remove(String id);

  /**
   * What is remembered of a session.
   *
   * @param id its id
   * @param spec what it is to do
   * @param created when it was taken
   * @param entries what happened, in order
   */
  record Saved(String id, SessionSpec spec, Instant created, List<Entry> entries) {
    public Saved {
      entries = List.copyOf(entries);
    }
  }
}
