package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.delay.GateEntry.Priority;

/**
 * On whose behalf a request is made. Immutable.
 *
 * @param key by which the roll-out of waits draws: the id of a run, say; may be empty
 * @param tenant callers of different tenants take turns at a gate; may be empty
 * @param priority who goes first at a gate
 */
public record Caller(String key, String tenant, Priority priority) {
  /** Nobody in particular. */
  public static final Caller ANYBODY = new Caller("", "", Priority.NORMAL);

  /** Rejects null. */
  public Caller {
    requireNonNull(key, "key");
    requireNonNull(tenant, "tenant");
    requireNonNull(priority, "priority");
  }
}
