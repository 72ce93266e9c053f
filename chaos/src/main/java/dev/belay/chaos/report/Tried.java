package dev.belay.chaos.report;

import dev.belay.chaos.trace.ServiceMap;
import java.util.Optional;

/**
 * What a session looked at.
 *
 * @param heat what is known of each kind of fault at each edge
 * @param coverage how much was looked at, and what may be left
 * @param map the services of the healthy system; none as long as nothing is known of them
 */
public record Tried(HeatMap heat, Coverage coverage, Optional<ServiceMap> map) {}
