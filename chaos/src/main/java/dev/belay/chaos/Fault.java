package dev.belay.chaos;

import dev.belay.Check;
import java.time.Duration;

/**
 * One thing that goes wrong at one place.
 *
 * @param edge the calls it strikes
 * @param effect what happens to them
 * @param match which of their requests it means
 * @param percentage how many of those requests it strikes, 1 to 100 of 100
 * @param startDelay how long after the beginning of the trial it comes into force; 0 to 60 s
 * @param hits which of the struck requests it means, counted
 */
public record Fault(
    Edge edge, Effect effect, Match match, int percentage, Duration startDelay, Hits hits) {
  public Fault {
    Check.that(
        percentage >= 1 && percentage <= 100, "percentage must be in 1..100, was %d", percentage);
    Check.that(
        !startDelay.isNegative() && startDelay.compareTo(Duration.ofSeconds(60)) <= 0,
        "start delay must be in 0s..60s, was %s",
        startDelay);
  }

  /**
   * Which requests in a row.
   *
   * @param skip how many pass first; at least 0
   * @param count how many are struck after that; at least 1
   */
  public record Hits(int skip, int count) {
    /** Each one. */
    public static final Hits ALL = new Hits(0, Integer.MAX_VALUE);

    public Hits {
      Check.that(skip >= 0, "skip must be >= 0, was %d", skip);
      Check.that(count >= 1, "count must be >= 1, was %d", count);
    }
  }

  /** A fault that strikes every call of an edge at once. */
  public static Fault at(Edge edge, Effect effect) {
    return new Fault(edge, effect, Match.ALL, 100, Duration.ZERO, Hits.ALL);
  }

  /** The same with another effect. */
  public Fault withEffect(Effect other) {
    return new Fault(edge, other, match, percentage, startDelay, hits);
  }

  /** The same for another share of the requests. */
  public Fault withPercentage(int other) {
    return new Fault(edge, effect, match, other, startDelay, hits);
  }

  /** The same that comes into force at another time. */
  public Fault withStartDelay(Duration other) {
    return new Fault(edge, effect, match, percentage, other, hits);
  }

  /** Such as {@code cart>pricing delay 1500ms 50% from 200ms}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(edge).append(' ').append(effect);
    if (percentage < 100) {
      text.append(' ').append(percentage).append('%');
    }
    if (!startDelay.isZero()) {
      text.append(" from ").append(startDelay.toMillis()).append("ms");
    }
    if (hits.skip() > 0) {
      text.append(" skip ").append(hits.skip());
    }
    if (hits.count() < Integer.MAX_VALUE) {
      text.append(" first ").append(hits.count());
    }
    return text.toString();
  }
}
