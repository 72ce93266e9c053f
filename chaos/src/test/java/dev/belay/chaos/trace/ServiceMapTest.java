package dev.belay.chaos.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServiceMapTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final ServiceMap.Metadata NOTHING =
      new ServiceMap.Metadata(Duration.ZERO, Duration.ZERO, false, List.of());

  private final List<Span> spans = new ArrayList<>();

  private void serves(int parent, String service, String operation, Map<String, String> tags) {
    Optional<String> above = parent == 0 ? Optional.empty() : Optional.of("s" + parent);
    spans.add(
        new Span(
            new SpanId("t", "s" + (spans.size() + 1), above),
            service,
            operation,
            SpanKind.SERVER,
            spans.size() * 1_000_000_000L,
            1_000_000_000,
            new Span.Outcome(false, tags, List.of())));
  }

  private ServiceMap map() {
    return ServiceMap.of(List.of(new Trace(spans, true)), NOW);
  }

  private List<ServiceMap.Api> apis(String service) {
    return Optional.ofNullable(map().services().get(service)).orElseThrow().apis();
  }

  @Test
  void knowsWhoCallsWhomAndHowOften() {
    serves(0, "shop", "GET /", Map.of());
    serves(1, "cart", "GET /cart", Map.of());
    serves(1, "cart", "GET /cart", Map.of());
    serves(2, "stock", "GET /stock", Map.of());

    assertThat(map().topology())
        .containsExactly(
            new ServiceMap.Link("cart", "stock", 1), new ServiceMap.Link("shop", "cart", 2));
    assertThat(map().services().keySet()).containsExactly("cart", "shop", "stock");
    assertThat(map().timestamp()).isEqualTo(NOW);
    assertThat(map().metadata().lookback()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void readsApisFromAttributesOrNames() {
    serves(0, "shop", "GET", Map.of("http.request.method", "POST", "http.route", "/orders/:id"));
    serves(1, "cart", "GET /cart/17?full=1", Map.of());
    serves(1, "tax", "compute", Map.of());
    serves(1, "mail", "PUT /a.b", Map.of());

    assertThat(apis("shop"))
        .containsExactly(
            new ServiceMap.Api(
                "POST", "^/orders/[^/]+$", ServiceMap.PathMatch.REGEX, "/orders/{}"));
    assertThat(apis("cart"))
        .containsExactly(
            new ServiceMap.Api("GET", "^/cart/[^/]+$", ServiceMap.PathMatch.REGEX, "/cart/{}"));
    assertThat(apis("tax")).isEmpty();
    assertThat(apis("mail"))
        .containsExactly(new ServiceMap.Api("PUT", "/a.b", ServiceMap.PathMatch.EXACT, "/a.b"));
  }

  @Test
  void eachPathThatMadeATemplateMatchesIt() {
    Cases.check(
        200,
        ServiceMapTest::anyPath,
        path -> {
          spans.clear();
          serves(0, "shop", "GET " + path, Map.of());
          ServiceMap.Api api = apis("shop").getFirst();
          if (api.match() == ServiceMap.PathMatch.REGEX) {
            assertThat(path).matches(api.path());
          } else {
            assertThat(api.path()).isEqualTo(path);
          }
        });
  }

  private static String anyPath(RandomGenerator random) {
    List<String> parts = List.of("a.b", "17", "c+d", "(x)", "0123456789abcdef", "e", "$1");
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      path.append('/').append(parts.get(random.nextInt(parts.size())));
    }
    return path.toString();
  }

  @Test
  void saysIfATraceIsNotAllThere() {
    serves(0, "shop", "GET /", Map.of());

    ServiceMap map = ServiceMap.of(List.of(new Trace(spans, false)), NOW);

    assertThat(map.metadata().errors()).containsExactly("some traces are not complete");
    assertThat(ServiceMap.of(List.of(), NOW).services()).isEmpty();
  }

  @Test
  void refusesCallsOfServicesThatItDoesNotHave() {
    List<ServiceMap.Link> links = List.of(new ServiceMap.Link("a", "b", 1));

    assertThatThrownBy(() -> new ServiceMap(NOW, Map.of(), links, NOTHING))
        .hasMessage("source of a call must be one of the services, was a");
    assertThatThrownBy(() -> new ServiceMap.Link("a", "b", -1))
        .hasMessage("call count must be >= 0, was -1");
  }

  @Test
  void anImaginedTraceMakesEachCallOnce() {
    Cases.check(
        200,
        ServiceMapTest::anyMap,
        map -> {
          Optional<Trace> trace = ImaginedTrace.of(map);

          Set<List<String>> calls = new HashSet<>();
          trace.stream()
              .flatMap(one -> Calls.of(one).stream())
              .filter(call -> !call.caller().equals(Calls.OUTSIDE))
              .filter(call -> !call.caller().equals(call.callee()))
              .forEach(
                  call -> assertThat(calls.add(List.of(call.caller(), call.callee()))).isTrue());
          Set<List<String>> wanted = new HashSet<>();
          map.topology().stream()
              .filter(link -> !link.source().equals(link.target()))
              .forEach(link -> wanted.add(List.of(link.source(), link.target())));
          assertThat(calls).isEqualTo(wanted);
        });
  }

  /** Also with circles, and with services that call themselves. */
  private static ServiceMap anyMap(RandomGenerator random) {
    int size = random.nextInt(1, 7);
    Map<String, ServiceMap.Service> services = new LinkedHashMap<>();
    IntStream.range(0, size)
        .forEach(
            i -> services.put("s" + i, new ServiceMap.Service("s" + i, "", List.of(), "test")));
    Set<ServiceMap.Link> links = new HashSet<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      links.add(new ServiceMap.Link("s" + random.nextInt(size), "s" + random.nextInt(size), 1));
    }
    return new ServiceMap(NOW, services, List.copyOf(links), NOTHING);
  }
}
