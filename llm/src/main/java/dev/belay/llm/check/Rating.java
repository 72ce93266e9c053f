package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;

/**
 * A finding, and how good the answer is. Immutable.
 *
 * @param value 0 for bad to 1 for good
 * @param confidence how sure that is, 0 to 1
 */
public record Rating(Finding finding, double value, double confidence) {
  /** Rejects what is out of range. */
  public Rating {
    requireNonNull(finding, "finding");
    Check.that(value >= 0 && value <= 1, "value must be 0 to 1, was %s", value);
    Check.that(confidence >= 0 && confidence <= 1, "confidence must be 0 to 1, was %s", confidence);
  }

  /** All or nothing, and sure; nothing is known of what could not be found out. */
  static Rating of(Finding finding) {
    return switch (finding) {
      case Finding.Valid valid -> new Rating(valid, 1, 1);
      case Finding.Invalid invalid -> new Rating(invalid, 0, 1);
      case Finding.Inconclusive open -> new Rating(open, 0, 0);
    };
  }
}
