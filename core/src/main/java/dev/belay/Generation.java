package dev.belay;

import org.jspecify.annotations.Nullable;

/**
 * One stay of a breaker in one state. Whoever is admitted reports back to the generation that
 * admitted it, so a late result falls into one that nobody looks at any more.
 */
abstract sealed class Generation extends Permit
    permits ClosedGeneration, OpenGeneration, HalfOpenGeneration, HeldGeneration {
  final CircuitBreaker breaker;
  final long sinceNanos;

  Generation(CircuitBreaker breaker, long sinceNanos) {
    this.breaker = breaker;
    this.sinceNanos = sinceNanos;
  }

  /** A permit, granted or not; null if this generation is over and the next one must be asked. */
  abstract @Nullable Permit admit();

  /** Whether a call would be admitted at {@code now}; asking changes nothing. */
  abstract boolean selectable(long now);

  /** The state a call would meet at {@code now}. */
  abstract BreakerState state(long now);

  /** How long until it admits a call, 0 if it does. */
  long untilTest(long now) {
    return 0;
  }

  /** Whether it keeps calls away at {@code now} because of failures. */
  boolean ejects(long now) {
    return false;
  }

  /** Whether a server's hint set its length. */
  boolean wasAskedFor() {
    return false;
  }

  int failures(long now) {
    return 0;
  }

  int calls(long now) {
    return failures(now);
  }

  int probesOut(long now) {
    return 0;
  }
}
