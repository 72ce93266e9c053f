package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.util.Map;

/**
 * How the gateway listens. Immutable; prints no key.
 *
 * @param host an address of this machine; others than loopback need keys
 * @param port 0 (any free one) to 65535
 * @param keys what clients must bring, by the name under which they are counted; nobody needs one
 *     if empty
 * @param bodyBytes of a request, 1 or more
 * @param underWay requests at once, 1 or more; one more is refused
 * @param drain how long requests may go on when the gateway stops
 */
public record GatewaySettings(
    String host, int port, Map<String, String> keys, int bodyBytes, int underWay, Duration drain) {

  /** Port 8090 on loopback, no keys, 32 MB, 10,000 at once, 10 s to finish. */
  public static final GatewaySettings DEFAULT =
      new GatewaySettings("127.0.0.1", 8090, Map.of(), 32 << 20, 10_000, Duration.ofSeconds(10));

  /** Rejects values out of range, and an open door without a lock. */
  public GatewaySettings {
    requireNonNull(drain, "drain");
    keys = Map.copyOf(keys);
    Check.that(!host.isBlank(), "llm.host must not be empty");
    Check.that(port >= 0 && port <= 65535, "llm.port must be 0 to 65535, was %d", port);
    Check.that(bodyBytes >= 1, "llm.body_bytes must be 1 or more, was %d", bodyBytes);
    Check.that(underWay >= 1, "llm.under_way must be 1 or more, was %d", underWay);
    Check.that(!drain.isNegative(), "llm.drain must be 0 or more, was %s", drain);
    Check.that(
        !keys.isEmpty() || isLoopback(host),
        "llm.host is %s, which others can reach: add llm.keys, or use 127.0.0.1",
        host);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  /** The same on another port. */
  public GatewaySettings withPort(int port) {
    return new GatewaySettings(host, port, keys, bodyBytes, underWay, drain);
  }

  /** The same for clients that bring one of these. */
  public GatewaySettings withKeys(Map<String, String> keys) {
    return new GatewaySettings(host, port, keys, bodyBytes, underWay, drain);
  }

  @Override
  public String toString() {
    return "GatewaySettings[%s:%d, keys of %s]".formatted(host, port, keys.keySet());
  }
}
