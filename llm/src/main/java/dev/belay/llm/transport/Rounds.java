package dev.belay.llm.transport;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.Usage;

/**
 * Is asked before an attempt sends another request, as it does with the results of tools. Safe for
 * any number of threads.
 */
@FunctionalInterface
public interface Rounds {
  /** Allows them all. */
  Rounds FREE = (next, soFar) -> {};

  /**
   * Allows another request, or ends the attempt by an exception.
   *
   * @param next what is to be sent
   * @param soFar what the attempt has cost already
   */
  void next(LlmRequest next, Usage soFar);
}
