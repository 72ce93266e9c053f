package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

/**
 * What all attempts came to. Immutable.
 *
 * @param window what it covers
 * @param totals the counts
 * @param latency of attempts that count
 * @param breakerEvents edges that breakers took
 */
public record Summary(Window window, Totals totals, Percentiles latency, long breakerEvents) {

  /** Rejects nulls. */
  public Summary {
    requireNonNull(window, "window");
    requireNonNull(totals, "totals");
    requireNonNull(latency, "latency");
  }
}
