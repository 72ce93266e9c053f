package dev.belay.chaos.trace.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerNamesTest {
  private final PeerNames names = new PeerNames(Map.of(9101, "pricing"));

  private static Span span(SpanKind kind, Map<String, String> tags) {
    return new Span(
        new SpanId("t", "s", Optional.empty()),
        "cart",
        "GET /price",
        kind,
        0,
        1,
        new Span.Outcome(true, tags, List.of("log")));
  }

  private Optional<String> peer(Map<String, String> tags) {
    Span named = names.named(span(SpanKind.CLIENT, tags));
    assertThat(named.error()).isTrue();
    assertThat(named.outcome().logs()).containsExactly("log");
    return Optional.ofNullable(named.outcome().tags().get("peer.service"));
  }

  @Test
  void aCallToAKnownPortOfThisMachineIsACallToItsService() {
    assertThat(peer(Map.of("server.address", "127.0.0.1", "server.port", "9101")))
        .hasValue("pricing");
    assertThat(peer(Map.of("server.address", "localhost", "server.port", "9101")))
        .hasValue("pricing");
    assertThat(peer(Map.of("net.peer.name", "::1", "net.peer.port", "9101"))).hasValue("pricing");
  }

  @Test
  void otherPortsAndOtherMachinesMeanNobody() {
    assertThat(peer(Map.of("server.address", "127.0.0.1", "server.port", "9102"))).isEmpty();
    assertThat(peer(Map.of("server.address", "10.0.0.1", "server.port", "9101"))).isEmpty();
    assertThat(peer(Map.of("server.address", "127.0.0.1", "server.port", "x"))).isEmpty();
    assertThat(peer(Map.of("server.address", "127.0.0.1"))).isEmpty();
  }

  @Test
  void whoIsNamedAlreadyKeepsTheName() {
    Map<String, String> tags =
        Map.of("peer.service", "own", "server.address", "127.0.0.1", "server.port", "9101");

    assertThat(peer(tags)).hasValue("own");
  }

  @Test
  void onlyCallersCallSomebody() {
    Span span = span(SpanKind.SERVER, Map.of("server.address", "127.0.0.1", "server.port", "9101"));

    assertThat(names.named(span)).isEqualTo(span);
  }
}
