package dev.belay.chaos.trace.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.trace.SpanKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpNamesTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9101/price, GET /price",
    "http://127.0.0.1:9101/price?order=1, GET /price",
    "http://pricing/orders/17#top, GET /orders/17",
    "http://pricing, GET /",
    "http://pricing?order=1, GET /",
    "pricing, GET"
  })
  void aCallersSpanIsNamedByTheAddress(String url, String name) {
    Map<String, String> tags = Map.of("http.request.method", "GET", "url.full", url);

    assertThat(HttpNames.of("GET", SpanKind.CLIENT, tags)).isEqualTo(name);
  }

  @Test
  void aCalleesSpanWithAnEmptyRouteIsNamedByThePath() {
    Map<String, String> tags = Map.of("http.request.method", "GET", "url.path", "/price");

    assertThat(HttpNames.of("GET /", SpanKind.SERVER, tags)).isEqualTo("GET /price");
    assertThat(HttpNames.of("GET", SpanKind.SERVER, tags)).isEqualTo("GET /price");
  }

  @Test
  void olderAttributesSayTheSame() {
    assertThat(
            HttpNames.of(
                "GET",
                SpanKind.SERVER,
                Map.of("http.method", "GET", "http.target", "/price?order=1")))
        .isEqualTo("GET /price");
    assertThat(
            HttpNames.of(
                "GET", SpanKind.CLIENT, Map.of("http.method", "GET", "http.url", "http://p/price")))
        .isEqualTo("GET /price");
  }

  @Test
  void aRouteIsBetterThanAPath() {
    Map<String, String> tags = Map.of("http.request.method", "GET", "url.path", "/orders/ann");

    assertThat(HttpNames.of("GET /orders/{name}", SpanKind.SERVER, tags))
        .isEqualTo("GET /orders/{name}");
  }

  @Test
  void whatIsNotHttpKeepsItsName() {
    assertThat(HttpNames.of("SELECT", SpanKind.CLIENT, Map.of("url.full", "http://p/x")))
        .isEqualTo("SELECT");
    assertThat(
            HttpNames.of(
                "GET", SpanKind.INTERNAL, Map.of("http.method", "GET", "url.path", "/price")))
        .isEqualTo("GET");
  }
}
