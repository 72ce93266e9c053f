package dev.belay.chaos.guard;

import java.time.Instant;

/** Is told what the guard did and why. Called by the thread of the experiment or of its watch. */
@FunctionalInterface
public interface SafetyLog {
  /** Something that the guard did. */
  void add(Entry entry);

  /**
   * Something that the guard did.
   *
   * @param at when
   * @param kind what it was
   * @param detail why, for people
   */
  record Entry(Instant at, Kind kind, String detail) {}

  /** What a guard does. */
  enum Kind {
    /** A plan was not put in force, because it goes beyond the blast radius. */
    REFUSED,
    /** A trial was not begun, because the system was not steady. */
    HELD,
    /** A trial was broken off and its faults taken back, because the system was not steady. */
    BROKEN_OFF,
    /** The system was steady again. */
    RECOVERED,
    /** The session waits, because the system does not recover. */
    PAUSED
  }
}
