package dev.belay.chaos.trace.receive;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is meant by the ports of this machine that a call goes to. A call that is answered before it
 * reaches anybody leaves the span of its caller only, and that knows an address and no name. Safe
 * for any number of threads.
 */
public final class PeerNames {
  /** Nobody is known. */
  public static final PeerNames NONE = new PeerNames(Map.of());

  private static final String PEER = "peer.service";
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private final Map<Integer, String> services;

  /**
   * Names.
   *
   * @param services the service behind each port of the loopback address
   */
  public PeerNames(Map<Integer, String> services) {
    this.services = Map.copyOf(services);
  }

  /** A span that names whom it calls, if its port says so and it does not do so itself. */
  Span named(Span span) {
    Map<String, String> tags = span.outcome().tags();
    if (span.kind() != SpanKind.CLIENT || tags.containsKey(PEER)) {
      return span;
    }
    Optional<String> service =
        tag(tags, "server.address", "net.peer.name")
            .filter(HERE::contains)
            .flatMap(here -> tag(tags, "server.port", "net.peer.port"))
            .flatMap(this::service);
    return service.map(name -> with(span, name)).orElse(span);
  }

  private static Optional<String> tag(Map<String, String> tags, String name, String before) {
    return Optional.ofNullable(tags.get(name)).or(() -> Optional.ofNullable(tags.get(before)));
  }

  private Optional<String> service(String port) {
    try {
      return Optional.ofNullable(services.get(Integer.parseInt(port)));
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }

  private static Span with(Span span, String service) {
    Map<String, String> tags = new HashMap<>(span.outcome().tags());
    tags.put(PEER, service);
    return new Span(
        span.id(),
        span.service(),
        span.operation(),
        span.kind(),
        span.startNanos(),
        span.durationNanos(),
        new Span.Outcome(span.error(), tags, span.outcome().logs()));
  }
}
