package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

/**
 * One server-sent event. Immutable.
 *
 * @param name of the event; empty if it has none
 * @param data its data, lines joined by line feeds
 */
public record ServerEvent(String name, String data) {
  /** Rejects null. */
  public ServerEvent {
    requireNonNull(name, "name");
    requireNonNull(data, "data");
  }
}
