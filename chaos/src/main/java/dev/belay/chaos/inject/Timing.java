package dev.belay.chaos.inject;

import dev.belay.Check;
import java.time.Duration;

/**
 * When a rule strikes.
 *
 * @param startDelay how long each request that it strikes waits before the fault; at least 0
 * @param life how long the rule is in force after its policy was taken up, in whole seconds; zero
 *     is for ever
 * @param activeAfter how long after its policy was taken up it comes into force; at least 0, and
 *     before its life is over
 */
public record Timing(Duration startDelay, Duration life, Duration activeAfter) {
  private static final Duration LONGEST = Duration.ofDays(365);

  /** At once and for ever. */
  public static final Timing ALWAYS = new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public Timing {
    check("start_delay_ms", startDelay);
    check("duration_seconds", life);
    check("active_after_ms", activeAfter);
    Check.that(
        life.toNanosPart() == 0,
        "duration_seconds must be a whole number of seconds, was %s",
        life);
    Check.that(
        life.isZero() || activeAfter.compareTo(life) < 0,
        "active_after_ms must be in 0..%d, below duration_seconds, was %d",
        life.toMillis() - 1,
        activeAfter.toMillis());
  }

  private static void check(String name, Duration length) {
    Check.that(
        !length.isNegative() && length.compareTo(LONGEST) <= 0,
        "%s must be 0 to 365 days, was %s",
        name,
        length);
  }
}
