package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Hint;
import java.time.Duration;
import java.util.List;

/**
 * What an answer says on when and whether to ask again. Immutable.
 *
 * @param again whether asking again makes sense
 * @param after how long to wait, from the moment the answer came, 0 to 365 days; zero if it does
 *     not say
 * @param source the header, or the part of the body, in which the wait was found; empty if none
 * @param raw as it was written there, at most 200 characters
 * @param buckets all allowances that were named
 */
public record RateAdvice(
    Again again, Duration after, String source, String raw, List<RateBucket> buckets) {
  private static final int LONGEST_RAW = 200;

  /** Whether to ask again. */
  public enum Again {
    /** It does not say. */
    UNSAID,
    /** It asks to. */
    YES,
    /** It asks not to. */
    NO
  }

  /** Nothing said. */
  public static final RateAdvice NONE =
      new RateAdvice(Again.UNSAID, Duration.ZERO, "", "", List.of());

  /** Cuts what is too long; rejects negative waits. */
  public RateAdvice {
    requireNonNull(again, "again");
    requireNonNull(source, "source");
    Check.that(!after.isNegative(), "after must not be negative, was %s", after);
    raw = raw.length() <= LONGEST_RAW ? raw : raw.substring(0, LONGEST_RAW);
    buckets = List.copyOf(buckets);
  }

  /** Whether there was a word on how long, be it zero. */
  public boolean isSaid() {
    return !source.isEmpty();
  }

  /** The wait, under the name of its source; {@link Hint#NONE} if there was no word on it. */
  public Hint hint() {
    return isSaid() ? Hint.after(after, source) : Hint.NONE;
  }

  /** The wait, under the name of its source and what was written there, as reports show it. */
  public Hint hintInFull() {
    return isSaid() ? Hint.after(after, source + ": " + raw) : Hint.NONE;
  }

  /** What is left of the wait some time after the answer came. */
  public RateAdvice minus(Duration elapsed) {
    Duration left = after.minus(elapsed.isNegative() ? Duration.ZERO : elapsed);
    return new RateAdvice(again, left.isNegative() ? Duration.ZERO : left, source, raw, buckets);
  }
}
