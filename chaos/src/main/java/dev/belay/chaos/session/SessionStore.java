package dev.belay.chaos.session;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /** The ids of all sessions, in any order; some may not be there any more when they are read. */
  List<String> ids();

  /** What is remembered of one session now; nothing if there is none, or it cannot be read. */
  Optional<Saved> load(String id);

  /** What happened in a session from an index on, counted from 0; empty if there is nothing. */
  default List<Entry> entries(String id, int from) {
    List<Entry> all = load(id).map(Saved::entries).orElse(List.of());
    return all.subList(Math.min(from, all.size()), all.size());
  }

  /** All that is remembered, oldest first. What cannot be read is left out, and said. */
  default List<Saved> load() {
    return ids().stream()
        .flatMap(id -> load(id).stream())
        .sorted(Comparator.comparing(Saved::created).thenComparing(Saved::id))
        .toList();
  }

  /**
   * Takes a session for this process, until it is released or the process ends; a new one is taken
   * by whoever creates it. Only who has taken a session may write to it.
   *
   * @return whether it is taken; not if another process has it
   */
  default boolean claim(String id) {
    return true;
  }

  /**
   * Gives a session back that nothing is written to any more; what was held open for it is closed.
   * Writing to it takes it again.
   */
  default void release(String id) {}

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
