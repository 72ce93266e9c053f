package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;

/**
 * Who wants to pass a gate. Immutable.
 *
 * @param tenant callers of different tenants take turns; empty if they are all one
 * @param priority who goes first
 * @param patience how long to wait at the most, 0 or more; 0 means now or never
 */
public record GateEntry(String tenant, Priority priority, Duration patience) {

  /** Who goes first. Every eighth pass goes to the lowest that waits, so that nobody starves. */
  public enum Priority {
    /** Somebody waits for it. */
    HIGH,
    /** The rest. */
    NORMAL,
    /** Whenever there is room. */
    LOW
  }

  /** Rejects negative patience. */
  public GateEntry {
    requireNonNull(tenant, "tenant");
    requireNonNull(priority, "priority");
    Check.that(!patience.isNegative(), "patience must be 0 or more, was %s", patience);
  }

  /** Anybody, with so much patience. */
  public static GateEntry within(Duration patience) {
    return new GateEntry("", Priority.NORMAL, patience);
  }
}
