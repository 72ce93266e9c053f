package dev.belay.flow.backend;

import static java.util.Objects.requireNonNull;

import dev.belay.flow.Spend;
import java.util.Optional;

/**
 * What an agent answered. Immutable.
 *
 * @param text its answer
 * @param session by which the conversation can be carried on; empty if it cannot
 * @param spend what it used up, as far as it says
 */
public record AgentReply(String text, Optional<String> session, Spend spend) {
  /** Rejects nothing but nulls. */
  public AgentReply {
    requireNonNull(text, "text");
    requireNonNull(session, "session");
    requireNonNull(spend, "spend");
  }
}
