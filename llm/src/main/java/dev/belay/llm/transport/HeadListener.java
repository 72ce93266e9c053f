package dev.belay.llm.transport;

import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Instant;

/**
 * Hears of the head of each answer, good or bad: it is there that providers say how much of a limit
 * is left. Called on event loops, so it must not block. Safe for any number of threads.
 */
@FunctionalInterface
public interface HeadListener {
  /** For whoever does not want to know. */
  HeadListener NONE = (endpoint, status, headers, arrived) -> {};

  /**
   * The head of an answer came.
   *
   * @param status of HTTP
   * @param arrived by the wall clock
   */
  void heard(LlmEndpoint endpoint, int status, Headers headers, Instant arrived);
}
