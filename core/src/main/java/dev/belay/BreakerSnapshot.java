package dev.belay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A breaker at one moment. Immutable; taking one changes nothing.
 *
 * @param name the breaker's name
 * @param state the state a call would meet now: an open breaker whose time is over shows {@link
 *     BreakerState#HALF_OPEN}
 * @param failureCount failures in the window now
 * @param calls calls in the window now, where the policy counts them, otherwise the failures
 * @param failureRate failures among those calls, 0 to 1
 * @param probesOut probes that have been let out and have not come back
 * @param openings how often it opened since it was last stable
 * @param lateFailures failures of calls that had been admitted before the present state began, and
 *     therefore count for nothing
 * @param lastChange when it entered its state
 * @param untilTest how long until it admits a probe, zero unless open
 * @param nextTest when that is; empty unless open
 */
public record BreakerSnapshot(
    String name,
    BreakerState state,
    int failureCount,
    int calls,
    double failureRate,
    int probesOut,
    int openings,
    long lateFailures,
    Instant lastChange,
    Duration untilTest,
    Optional<Instant> nextTest) {}
