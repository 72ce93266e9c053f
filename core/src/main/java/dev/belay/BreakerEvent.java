package dev.belay;

import java.time.Instant;

/**
 * One edge a breaker took.
 *
 * @param breaker the breaker's name
 * @param from the state it left
 * @param to the state it entered
 * @param at when, on the wall clock
 * @param failureCount failures in its window at that moment
 * @param reason why: {@code failures}, {@code probe failed}, {@code open time over}, {@code probes
 *     succeeded}, {@code hint}, {@code reset}, {@code tripped}, {@code suspected}, {@code held}
 */
public record BreakerEvent(
    String breaker,
    BreakerState from,
    BreakerState to,
    Instant at,
    int failureCount,
    String reason) {}
