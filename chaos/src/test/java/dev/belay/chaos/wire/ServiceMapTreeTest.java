package dev.belay.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.trace.ServiceMap;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceMapTreeTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** As discovery tools publish it. */
  private static final String PUBLISHED =
      """
      {"timestamp": "2025-11-13T08:00:00Z",
       "services": {
         "shop": {"name": "shop", "namespace": "demo", "source": "istio", "apis": [
           {"method": "GET", "path": "/", "match_type": "exact"},
           {"method": "POST", "path": "/api/", "match_type": "prefix"},
           {"method": "GET", "path": "^/orders/[^/]+$", "match_type": "regex"}]},
         "cart": {"name": "cart", "namespace": "demo", "source": "jaeger", "apis": []}},
       "topology": [{"source": "shop", "target": "cart", "call_count": 120}],
       "metadata": {"discovery_interval": "5m0s", "jaeger_lookback": "1h0m0s", "stale": true,
         "errors": ["no gateway"]}}
      """;

  private static ServiceMap read(String text) {
    return ServiceMapTree.read(Json.read(text), NOW);
  }

  @Test
  void readsWhatDiscoveryToolsPublish() {
    ServiceMap map = read(PUBLISHED);

    assertThat(map.timestamp()).isEqualTo(Instant.parse("2025-11-13T08:00:00Z"));
    assertThat(map.services()).containsOnlyKeys("cart", "shop");
    assertThat(map.services().values())
        .flatExtracting(ServiceMap.Service::apis)
        .extracting(ServiceMap.Api::match)
        .containsExactly(
            ServiceMap.PathMatch.EXACT, ServiceMap.PathMatch.PREFIX, ServiceMap.PathMatch.REGEX);
    assertThat(map.topology()).containsExactly(new ServiceMap.Link("shop", "cart", 120));
    assertThat(map.metadata().every()).isEqualTo(Duration.ofMinutes(5));
    assertThat(map.metadata().lookback()).isEqualTo(Duration.ofHours(1));
    assertThat(map.metadata().stale()).isTrue();
    assertThat(map.metadata().errors()).containsExactly("no gateway");
  }

  @Test
  void whatIsWrittenReadsTheSame() {
    ServiceMap map = read(PUBLISHED);

    assertThat(read(Json.write(ServiceMapTree.write(map)))).isEqualTo(map);
  }

  @Test
  void takesCallsAloneForAMap() {
    ServiceMap map = read("{\"topology\": [{\"source\": \"a\", \"target\": \"b\"}]}");

    assertThat(map.services()).containsOnlyKeys("a", "b");
    assertThat(map.timestamp()).isEqualTo(NOW);
    assertThat(map.topology().getFirst().calls()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"topology": 3}                                              | topology must be a list
          {"topology": [3]}                                            | topology[0] must be an object
          {"topology": [{"source": "a"}]}                              | topology[0].target must be a text
          {"topology": [{"source": " ", "target": "b"}]}               | topology[0].source must be a name
          {"topology": [{"source": "a", "target": "b", "call_count": -1}]} | call_count must be a whole number
          {"topology": [{"source": "a", "target": "b"}, {"source": "a", "target": "b"}]} | must be there once
          {"topology": [{"source": "a", "target": "b", "rate": 1}]}    | topology[0].rate must be left out
          {"edges": []}                                                | edges must be left out
          {"timestamp": "today"}                                       | timestamp must be a moment
          {"services": {"a": 3}}                                       | services.a must be an object
          {"services": {"a": {"name": "b"}}}                           | services.a.name must be the name
          {"services": {" ": {}}}                                      | services must be named
          {"services": {"a": {"apis": [{"method": "GET"}]}}}           | services.a.apis[0].path must be a text
          {"services": {"a": {"apis": [{"path": "/", "match_type": "glob"}]}}} | match_type must be one of
          {"metadata": {"discovery_interval": "soon"}}                 | metadata.discovery_interval must be a length
          {"metadata": {"stale": "no"}}                                | metadata.stale must be true or false
          """)
  void refusesWhatIsNoMapAndSaysWhere(String document, String complaint) {
    assertThatThrownBy(() -> read(document))
        .isInstanceOf(WireException.class)
        .hasMessageContaining(complaint.strip());
  }

  @Test
  void refusesMoreThanAnybodyHas() {
    StringBuilder text = new StringBuilder("{\"topology\": [");
    for (int i = 0; i <= ServiceMap.MOST_SERVICES; i++) {
      text.append(i == 0 ? "" : ",").append("{\"source\": \"a\", \"target\": \"s").append(i);
      text.append("\"}");
    }

    assertThatThrownBy(() -> read(text.append("]}").toString()))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("services must be at most 500, were 502");
  }
}
