package dev.belay.chaos.inject.client;

import dev.belay.Check;
import java.time.Duration;

/** Checks of lengths of time; apart from what is checked, whose defaults are made of each other. */
final class Lengths {
  /** Less is no use for anything on a network. */
  static final Duration SHORT = Duration.ofMillis(10);

  private Lengths() {}

  static void in(String what, Duration value, Duration low, Duration high) {
    Check.that(
        value.compareTo(low) >= 0 && value.compareTo(high) <= 0,
        "%s must be in %s..%s, was %s",
        what,
        low,
        high,
        value);
  }
}
