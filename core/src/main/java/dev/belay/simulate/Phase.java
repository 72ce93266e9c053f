package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;

/**
 * What an endpoint does for a while. Immutable.
 *
 * @param length above 0 and at most a day
 * @param behaviour what it does
 */
public record Phase(Duration length, Behaviour behaviour) {
  /** Rejects lengths out of range. */
  public Phase {
    requireNonNull(behaviour, "behaviour");
    Check.that(
        length.isPositive() && length.compareTo(Latency.LONGEST) <= 0,
        "a phase must be above 0 and at most a day long, was %s",
        length);
  }
}
