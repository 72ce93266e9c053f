package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;

/**
 * Retries and breakers exactly as cenkalti/backoff v4 and sony/gobreaker v1 have them, for whoever
 * has to behave as a program that uses these. Their faults are included: a breaker that is open
 * fails a task for good, and a call that takes longer than {@code maxElapsed} is never repeated.
 * Immutable.
 *
 * @param initial the first wait
 * @param multiplier by which it grows, at least 1
 * @param factor by which a wait is spread to either side, 0 to 1
 * @param maxInterval the longest wait before it is spread
 * @param maxElapsed waits that would end later than this after the start are not begun; 0 for no
 *     limit
 * @param maxRequests attempts of a half-open breaker, and successes in a row that close it; 0 means
 *     1
 * @param interval after which a closed breaker forgets; 0 for never
 * @param timeout how long it stays open; 0 means 60 s
 * @param failures in a row that open it, at least 1
 */
public record ParityRules(
    Duration initial,
    double multiplier,
    double factor,
    Duration maxInterval,
    Duration maxElapsed,
    int maxRequests,
    Duration interval,
    Duration timeout,
    int failures) {

  /**
   * The orchestrator's own: 100 ms, doubled, spread by half, 10 s at most, 2 min in all; a breaker
   * that opens on five failures in a row for 30 s, and lets three through.
   */
  public static final ParityRules DEFAULT =
      new ParityRules(
          Duration.ofMillis(100),
          2,
          0.5,
          Duration.ofSeconds(10),
          Duration.ofMinutes(2),
          3,
          Duration.ZERO,
          Duration.ofSeconds(30),
          5);

  /** Rejects values out of range. */
  public ParityRules {
    notNegative("initial", initial);
    Check.that(
        multiplier >= 1 && multiplier <= 100, "multiplier must be 1 to 100, was %s", multiplier);
    Check.that(factor >= 0 && factor <= 1, "factor must be 0 to 1, was %s", factor);
    notNegative("max_interval", maxInterval);
    notNegative("max_elapsed", maxElapsed);
    Check.that(maxRequests >= 0, "max_requests must be 0 or more, was %d", maxRequests);
    notNegative("interval", interval);
    notNegative("timeout", timeout);
    Check.that(failures >= 1, "failures must be at least 1, was %d", failures);
  }

  private static void notNegative(String name, Duration length) {
    requireNonNull(length, name);
    Check.that(!length.isNegative(), "%s must be 0 or more, was %s", name, length);
  }
}
