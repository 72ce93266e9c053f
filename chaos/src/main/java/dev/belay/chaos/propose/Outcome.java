package dev.belay.chaos.propose;

import dev.belay.Check;

/** What is known of a trial. */
public sealed interface Outcome {

  /**
   * It was made.
   *
   * @param score finite; the more the better for who searches
   */
  record Scored(double score) implements Outcome {
    public Scored {
      Check.that(Double.isFinite(score), "score must be finite, was %s", score);
    }
  }

  /** It could not be made, or was broken off: nothing is known of its score. */
  record Invalid() implements Outcome {}

  /** It is under way. */
  record Pending() implements Outcome {}
}
