package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long attempts took: half of them at most {@code p50}, and so on. At most a quarter too high,
 * never too low, between 65 µs and 18 min; zero if there were none. Immutable.
 */
public record Percentiles(Duration p50, Duration p95, Duration p99) {

  /** Of no attempts. */
  public static final Percentiles NONE =
      new Percentiles(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /** Rejects nulls. */
  public Percentiles {
    requireNonNull(p50, "p50");
    requireNonNull(p95, "p95");
    requireNonNull(p99, "p99");
  }
}
