package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Instant;

/**
 * What an answer covers: the clock hour that is running (UTC) and as many whole ones before it as
 * were asked for, as far as anything is known. Immutable.
 *
 * @param from the first moment, included
 * @param to the moment of the answer
 * @param hours how many were asked for, 1 to 168
 * @param retentionHours how many are kept
 * @param truncated whether more were asked for than are kept
 */
public record Window(Instant from, Instant to, int hours, int retentionHours, boolean truncated) {

  /** The longest that can be asked for. */
  public static final int MOST_HOURS = 168;

  /** Rejects values out of range. */
  public Window {
    requireNonNull(from, "from");
    requireNonNull(to, "to");
    checkHours(hours);
  }

  static void checkHours(int hours) {
    Check.that(hours >= 1 && hours <= MOST_HOURS, "hours must be 1 to 168, was %d", hours);
  }
}
