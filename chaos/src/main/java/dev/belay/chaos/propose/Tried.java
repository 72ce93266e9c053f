package dev.belay.chaos.propose;

import dev.belay.Check;
import dev.belay.chaos.space.Point;

/**
 * A trial as proposers remember it.
 *
 * @param point what was tried
 * @param outcome what came of it
 * @param arm which way of proposing it came from; empty if none
 * @param weight how much it counts: 1, or less for what is known of an earlier version
 */
public record Tried(Point point, Outcome outcome, String arm, double weight) {
  public Tried {
    Check.that(weight > 0 && weight <= 1, "weight must be above 0 and at most 1, was %s", weight);
  }

  /** One with a score. */
  public static Tried scored(Point point, double score) {
    return new Tried(point, new Outcome.Scored(score), "", 1);
  }
}
