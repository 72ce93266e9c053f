package dev.belay.flow;

import java.time.Duration;

/**
 * A backend as it is now. Immutable.
 *
 * @param name by which plans call it
 * @param account whose allowance it uses
 * @param breaker {@code closed}, {@code open}, {@code half_open} or {@code held}
 * @param untilTest how long until an open breaker lets an attempt through
 * @param running attempts now
 * @param most attempts at once that are let through now
 */
public record BackendView(
    String name, String account, String breaker, Duration untilTest, int running, int most) {}
