package dev.belay.chaos.session;

import dev.belay.Check;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One try of the system that is over.
 *
 * @param number counted from 1 within its session
 * @param proposal what was tried
 * @param result what came of it
 * @param begun when it began
 * @param took how long it took
 */
public record Trial(int number, Proposal proposal, Result result, Instant begun, Duration took) {
  public Trial {
    Check.that(number >= 1, "number of a trial must be >= 1, was %d", number);
    Check.that(!took.isNegative(), "a trial must take >= 0, was %s", took);
  }

  /** What came of a trial. */
  public sealed interface Result {}

  /**
   * The system was tried.
   *
   * @param observation what was seen
   * @param score how bad it was
   * @param insight what the search made of it
   */
  public record Seen(Observation observation, Score score, Insight insight) implements Result {}

  /**
   * The trial could not be made; nothing is known of the plan.
   *
   * @param why for people
   */
  public record Failed(String why) implements Result {}

  /** What was seen, if the system was tried. */
  public Optional<Seen> seen() {
    return result instanceof Seen seen ? Optional.of(seen) : Optional.empty();
  }
}
