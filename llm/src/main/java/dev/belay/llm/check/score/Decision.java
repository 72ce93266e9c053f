package dev.belay.llm.check.score;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What came out of many scores. Immutable.
 *
 * @param score of all together, 0 to 1
 * @param confidence of all together, 0 to 1
 * @param dissenting the names of those who alone would have decided otherwise
 * @param why in words
 */
public record Decision(
    Outcome outcome, double score, double confidence, List<String> dissenting, String why) {
  /** Keeps a copy. */
  public Decision {
    requireNonNull(outcome, "outcome");
    dissenting = List.copyOf(dissenting);
    requireNonNull(why, "why");
  }
}
