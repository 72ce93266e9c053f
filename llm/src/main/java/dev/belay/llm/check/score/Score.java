package dev.belay.llm.check.score;

import static java.util.Objects.requireNonNull;

/**
 * How good something is. Immutable.
 *
 * @param name who says so
 * @param value 0 for bad to 1 for good
 * @param confidence how sure that is, 0 to 1
 */
public record Score(String name, Category category, double value, double confidence) {
  /** Rejects what is out of range. */
  public Score {
    requireNonNull(name, "name");
    requireNonNull(category, "category");
    check(value, "value");
    check(confidence, "confidence");
  }

  static void check(double share, String field) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("%s must be 0 to 1, was %s".formatted(field, share));
    }
  }
}
