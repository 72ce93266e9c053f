package dev.belay.chaos.inject.plane;

import dev.belay.Check;
import java.util.Optional;

/**
 * A port that stands in front of a service.
 *
 * @param listen where it listens; port 0 is any free one
 * @param service the service behind it
 * @param namespace where that runs; empty if it does not matter
 * @param caller who calls through this port; none if the callers say so themselves, in a header
 * @param upstream where the service itself listens
 */
public record Front(
    At listen, String service, String namespace, Optional<String> caller, At upstream) {
  public Front {
    Check.that(!service.isBlank(), "service of a fault proxy must not be blank");
    Check.that(
        caller.isEmpty() || !caller.get().isBlank(), "caller must not be blank if there is one");
    Check.that(upstream.port() > 0, "upstream port of %s must not be 0", service);
  }

  /**
   * A host and a port.
   *
   * @param host a name or an address
   * @param port 0 to 65535
   */
  public record At(String host, int port) {
    public At {
      Check.that(!host.isBlank(), "host must not be blank");
      Check.that(port >= 0 && port <= 65_535, "port must be in 0..65535, was %d", port);
    }

    /** A port of this machine that others cannot reach. */
    public static At loopback(int port) {
      return new At("127.0.0.1", port);
    }
  }

  /** A port of this machine, any free one, in front of a service of this machine. */
  public static Front of(String service, int upstreamPort) {
    return new Front(At.loopback(0), service, "", Optional.empty(), At.loopback(upstreamPort));
  }

  /** The same for one caller only. */
  public Front forCaller(String name) {
    return new Front(listen, service, namespace, Optional.of(name), upstream);
  }
}
