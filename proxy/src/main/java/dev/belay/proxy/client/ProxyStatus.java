package dev.belay.proxy.client;

import dev.belay.BreakerSnapshot;
import dev.belay.Endpoint;
import dev.belay.EndpointStats;

/**
 * A proxy of the pool at one moment. Immutable.
 *
 * @param id stable over restarts: made from scheme, host, port and user
 * @param name {@code scheme://host:port}, and its id if it has a user; never the user
 * @param traits what selection may choose by
 * @param breaker what keeps requests away from it while it fails
 * @param stats what is known of its recent attempts
 */
public record ProxyStatus(
    String id,
    String name,
    Endpoint.Traits traits,
    BreakerSnapshot breaker,
    EndpointStats.Snapshot stats) {}
