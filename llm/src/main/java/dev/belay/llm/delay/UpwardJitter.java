package dev.belay.llm.delay;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Spreads waits that a provider asked for: only ever longer, so that nobody comes early, by up to a
 * tenth, and by 50 ms at the least.
 */
final class UpwardJitter {
  private static final long LEAST_NANOS = Duration.ofMillis(50).toNanos();

  private UpwardJitter() {}

  static Duration on(Duration hint, RandomGenerator random) {
    return hint.plusNanos(LEAST_NANOS + random.nextLong(most(hint).toNanos() - LEAST_NANOS));
  }

  /** The most that is added. */
  static Duration most(Duration hint) {
    return Duration.ofNanos(Math.max(2 * LEAST_NANOS, hint.toNanos() / 10));
  }
}
