package dev.belay.chaos.score;

import dev.belay.Check;

/**
 * The score of one dimension, and why it is that.
 *
 * @param score 0 to 10
 * @param condition the rule that matched, for people
 * @param inputs what it was matched with, for people
 * @param missing whether there was nothing to look at; the score is 0 then
 */
public record Component(double score, String condition, String inputs, boolean missing) {
  public Component {
    Check.that(score >= 0 && score <= 10, "score must be in 0..10, was %s", score);
  }

  static Component of(double score, String condition, String inputs) {
    return new Component(Math.clamp(score, 0, 10), condition, inputs, false);
  }

  static Component missing(String what) {
    return new Component(0, "no " + what, "", true);
  }
}
