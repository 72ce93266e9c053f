package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class BreakerApiTest {
  private static final String BREAKERS = "/api/v1/circuit-breakers";
  private static final String TWO =
      "{url: \"http://ann:%1$s@127.0.0.1:7001\"}, {url: \"socks5h://127.0.0.1:7002\"}"
          .formatted(Api.CANARY);

  private static String id(Api api, int index) throws Exception {
    return api.read(BREAKERS).at("/circuit_breakers/%d/proxy_id".formatted(index)).stringValue();
  }

  @Test
  void listsEachBreakerWithTheTimeUntilItsTest() throws Exception {
    try (Api api = Api.start(TWO, "")) {
      JsonNode closed = api.read(BREAKERS + "/" + id(api, 0));
      assertThat(closed.get("state").stringValue()).isEqualTo("closed");
      assertThat(closed.get("failure_threshold").intValue()).isEqualTo(5);
      assertThat(closed.get("window_duration").doubleValue()).isEqualTo(60.0);
      assertThat(closed.get("timeout_duration").doubleValue()).isEqualTo(30.0);
      assertThat(closed.get("next_test_time").isNull()).isTrue();
      assertThat(closed.get("seconds_until_test").isNull()).isTrue();

      JsonNode open = Api.body(api.post("%s/%s/trip".formatted(BREAKERS, id(api, 1))));
      assertThat(open.get("state").stringValue()).isEqualTo("open");
      assertThat(open.get("seconds_until_test").doubleValue()).isBetween(20.0, 30.0);
      Instant test = Instant.parse(open.get("next_test_time").stringValue());
      assertThat(Duration.between(Instant.now(), test))
          .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));

      JsonNode all = api.read(BREAKERS).get("circuit_breakers");
      assertThat(all.size()).isEqualTo(2);
      assertThat(all.at("/1/state").stringValue()).isEqualTo("open");

      JsonNode reset = Api.body(api.post("%s/%s/reset".formatted(BREAKERS, id(api, 1))));
      assertThat(reset.get("state").stringValue()).isEqualTo("closed");
      assertThat(reset.get("failure_count").intValue()).isZero();
    }
  }

  @Test
  void showsABreakerThatFailuresOpenedAndWhatItDid() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy upstream = FaultyProxy.start(FaultyProxy.Kind.HTTP)) {
      upstream.kill();
      String pool = "{url: \"http://ann:%s@127.0.0.1:%d\"}".formatted(Api.CANARY, upstream.port());
      try (Api api =
          Api.start(pool, "retry: {max_attempts: 1}\ncircuit_breaker: {failure_threshold: 2}\n")) {
        api.through(origin.uri("/"));
        assertThat(api.read(BREAKERS).at("/circuit_breakers/0/failure_count").intValue())
            .isEqualTo(1);
        api.through(origin.uri("/"));

        JsonNode breaker = api.read(BREAKERS).at("/circuit_breakers/0");
        assertThat(breaker.get("state").stringValue()).isEqualTo("open");
        HttpResponse<String> refused = api.through(origin.uri("/"));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
            .isBetween(1L, 30L);

        String id = breaker.get("proxy_id").stringValue();
        api.post("%s/%s/reset".formatted(BREAKERS, id));
        JsonNode history = api.read(BREAKERS + "/metrics?hours=1");
        JsonNode first = history.at("/events/0");
        assertThat(first.get("proxy_id").stringValue()).isEqualTo(id);
        assertThat(first.get("from_state").stringValue()).isEqualTo("closed");
        assertThat(first.get("to_state").stringValue()).isEqualTo("open");
        assertThat(first.get("failure_count").intValue()).isEqualTo(2);
        assertThat(history.at("/events/1/to_state").stringValue()).isEqualTo("closed");
        assertThat(history.get("counts").get(id).toString())
            .isEqualTo("{\"changes\":2,\"opens\":1}");
        assertThat(api.read("/api/v1/metrics/circuit-breakers?hours=1").get("events"))
            .isEqualTo(history.get("events"));
        assertThat(api.get("/metrics").body())
            .contains("belay_circuit_breaker_transitions_total{to=\"open\"} 1");
      }
    }
  }

  @Test
  void closesAllAtOnce() throws Exception {
    try (Api api = Api.start(TWO, "")) {
      api.post("%s/%s/trip".formatted(BREAKERS, id(api, 0)));
      api.post("%s/%s/trip".formatted(BREAKERS, id(api, 1)));

      JsonNode all = Api.body(api.post(BREAKERS + "/reset-all")).get("circuit_breakers");

      assertThat(all.findValuesAsString("state")).containsExactly("closed", "closed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:7001",
        "127.0.0.1%3A7001",
        "http:%2F%2F127.0.0.1:7001",
        "http:%2F%2F127.0.0.1:7001%23f6f0eff79f04",
        "ann@127.0.0.1:7001",
        "http:%2F%2Fann%40127.0.0.1:7001"
      })
  void findsAProxyByAnyNameThatIsItsAlone(String name) throws Exception {
    try (Api api = Api.start(TWO, "")) {
      JsonNode breaker = api.read(BREAKERS + "/" + name);

      assertThat(breaker.get("proxy_id").stringValue()).isEqualTo(id(api, 0));
    }
  }

  @Test
  void asksForTheIdWhereANameIsNotEnough() throws Exception {
    String pool =
        "{url: \"http://ann:%1$s@[::1]:7001\"}, {url: \"http://bob:%1$s@[::1]:7001\"}"
            .formatted(Api.CANARY);
    try (Api api = Api.start(pool, "")) {
      HttpResponse<String> ambiguous = api.get(BREAKERS + "/%5B::1%5D:7001");

      assertThat(ambiguous.statusCode()).isEqualTo(409);
      assertThat(Api.body(ambiguous).at("/details/ids").size()).isEqualTo(2);
      assertThat(api.get(BREAKERS + "/bob@%5B::1%5D:7001").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/reset", "/trip"})
  void doesNotFindWhatIsNotThere(String act) throws Exception {
    try (Api api = Api.start(TWO, "")) {
      String path = BREAKERS + "/no-such-proxy" + act;
      HttpResponse<String> answer = act.isEmpty() ? api.get(path) : api.post(path);

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(Api.body(answer).get("error").stringValue()).isEqualTo("PROXY_NOT_FOUND");
      assertThat(Api.body(answer).at("/details/value").stringValue()).isEqualTo("no-such-proxy");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "169", "-1", "1.5", "day", "", "99999999999"})
  void refusesHoursThatAreOutOfRange(String hours) throws Exception {
    try (Api api = Api.start(TWO, "")) {
      for (String path :
          new String[] {
            BREAKERS + "/metrics",
            "/api/v1/metrics/retries/timeseries",
            "/api/v1/metrics/retries/by-proxy",
            "/api/v1/metrics/retries/by-policy"
          }) {
        HttpResponse<String> answer = api.get(path + "?hours=" + hours);
        JsonNode details = Api.body(answer).get("details");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(details.get("field").stringValue()).isEqualTo("hours");
        assertThat(details.get("range").stringValue()).contains("1 to 168");
      }
    }
  }
}
