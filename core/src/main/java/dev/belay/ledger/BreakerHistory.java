package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.Check;
import java.util.List;
import java.util.SortedMap;

/**
 * What breakers did. Immutable.
 *
 * @param window what it covers
 * @param events the edges they took, the oldest first; only the last 1,000 are kept
 * @param counts how many there were by breaker, also of those that are not kept
 */
public record BreakerHistory(
    Window window, List<BreakerEvent> events, SortedMap<String, Counts> counts) {

  /**
   * How often a breaker changed its state.
   *
   * @param events edges it took, 0 or more
   * @param openings those that opened it, 0 or more
   */
  public record Counts(long events, long openings) {

    /** None at all. */
    public static final Counts NONE = new Counts(0, 0);

    /** Rejects negative counts. */
    public Counts {
      Check.that(
          events >= 0 && openings >= 0,
          "counts must be 0 or more, were %d and %d",
          events,
          openings);
    }

    Counts plus(Counts more) {
      return new Counts(events + more.events, openings + more.openings);
    }
  }

  /** Keeps copies. */
  public BreakerHistory {
    requireNonNull(window, "window");
    events = List.copyOf(events);
    counts = Breakdown.copy(counts);
  }

  /** Of one breaker; {@link Counts#NONE} if it took no edge. */
  public Counts counts(String breaker) {
    return counts.getOrDefault(breaker, Counts.NONE);
  }
}
