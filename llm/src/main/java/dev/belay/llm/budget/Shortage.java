package dev.belay.llm.budget;

import static java.util.Objects.requireNonNull;

/**
 * What a budget does not have. Immutable.
 *
 * @param what ran short
 * @param why in words, with the numbers
 */
public record Shortage(What what, String why) {

  /** What may run short. */
  public enum What {
    /** Requests of all sorts. */
    ATTEMPTS,
    /** Requests that repeat one that failed. */
    RETRIES,
    /** Answers that are asked for again. */
    CORRECTIONS,
    /** Tokens. */
    TOKENS,
    /** Money. */
    DOLLARS,
    /** Time. */
    DEADLINE
  }

  /** Rejects null. */
  public Shortage {
    requireNonNull(what, "what");
    requireNonNull(why, "why");
  }
}
