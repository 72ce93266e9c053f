package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a question that an agent asks. Immutable.
 *
 * @param role who answers; a person if empty
 * @param timeout how long a task waits for the answer before it fails
 * @param most questions of one task, 0 to 100
 */
public record Questions(Optional<String> role, Duration timeout, int most) {
  /** A person answers, within a day. */
  public static final Questions DEFAULT = new Questions(Optional.empty(), Duration.ofDays(1), 5);

  /** Rejects values out of range. */
  public Questions {
    requireNonNull(role, "role");
    Check.that(timeout.isPositive(), "timeout must be above 0, was %s", timeout);
    Check.that(most >= 0 && most <= 100, "most must be 0 to 100, was %d", most);
  }
}
