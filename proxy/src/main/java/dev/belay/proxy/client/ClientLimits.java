package dev.belay.proxy.client;

import dev.belay.Check;

/**
 * How much of everything. Immutable.
 *
 * @param requests under way at once, at least 1; one more is refused
 * @param connections at once for each proxy, or for each proxy and target where a connection serves
 *     one target only, at least 1
 * @param idleConnections kept for later, at least 0; the one that was used longest ago goes first
 * @param bodyBytes of a response that is read whole, at least 0; a larger one is an error
 * @param replayMemoryBytes of a body that is a stream, kept in memory for another attempt, at least
 *     0
 * @param replayBytes of such a body kept in memory and file together, at least {@code
 *     replayMemoryBytes}; of a larger one the rest is sent once
 */
public record ClientLimits(
    int requests,
    int connections,
    int idleConnections,
    int bodyBytes,
    int replayMemoryBytes,
    long replayBytes) {

  /**
   * 10,000 requests, 1,024 connections each, 256 idle; 16 MB of a response; 1 MB of a body kept in
   * memory, 64 MB in all.
   */
  public static final ClientLimits DEFAULT =
      new ClientLimits(10_000, 1_024, 256, 16 << 20, 1 << 20, 64L << 20);

  /** Rejects limits that allow nothing. */
  public ClientLimits {
    Check.that(requests >= 1, "requests must be at least 1, was %d", requests);
    Check.that(connections >= 1, "connections must be at least 1, was %d", connections);
    Check.that(idleConnections >= 0, "idleConnections must be at least 0, was %d", idleConnections);
    Check.that(bodyBytes >= 0, "bodyBytes must be at least 0, was %d", bodyBytes);
    Check.that(
        replayMemoryBytes >= 0, "replayMemoryBytes must be at least 0, was %d", replayMemoryBytes);
    Check.that(
        replayBytes >= replayMemoryBytes,
        "replayBytes must be at least replayMemoryBytes (%d), was %d",
        replayMemoryBytes,
        replayBytes);
  }

  /** The same with another number of requests. */
  public ClientLimits withRequests(int most) {
    return new ClientLimits(
        most, connections, idleConnections, bodyBytes, replayMemoryBytes, replayBytes);
  }

  /** The same with another number of connections. */
  public ClientLimits withConnections(int most) {
    return new ClientLimits(
        requests, most, idleConnections, bodyBytes, replayMemoryBytes, replayBytes);
  }

  /** The same with another number of connections kept. */
  public ClientLimits withIdleConnections(int most) {
    return new ClientLimits(requests, connections, most, bodyBytes, replayMemoryBytes, replayBytes);
  }

  /** The same with responses of another size. */
  public ClientLimits withBodyBytes(int most) {
    return new ClientLimits(
        requests, connections, idleConnections, most, replayMemoryBytes, replayBytes);
  }

  /** The same with more or less kept of bodies that are streams. */
  public ClientLimits withReplay(int memoryBytes, long bytes) {
    return new ClientLimits(requests, connections, idleConnections, bodyBytes, memoryBytes, bytes);
  }
}
