package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** One story: six requests, two of them retried, one in vain, one under another policy. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class RetryMetricsApiTest {
  private static final String RETRIES = "/api/v1/metrics/retries";

  private FaultyOrigin origin;
  private FaultyProxy upstream;
  private Api api;

  @BeforeAll
  void story() throws Exception {
    origin =
        FaultyOrigin.start(
            Script.of(
                Reply.ok("1"),
                Reply.ok("2"),
                Reply.status(503),
                Reply.ok("3"),
                Reply.status(503),
                Reply.status(502),
                Reply.ok("4"),
                Reply.status(503),
                Reply.status(503),
                Reply.status(503),
                Reply.ok("6")));
    upstream = FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
    api =
        Api.start(
            "{url: \"%s\"}".formatted(upstream.uri()),
            "retry: {base_delay: 5ms}\ncircuit_breaker: {failure_threshold: 100}\n");
    for (int i = 0; i < 5; i++) {
      api.through(origin.uri("/"));
    }
    api.through(origin.uri("/"), "X-Belay-Policy", "critical");
  }

  @AfterAll
  void stop() throws Exception {
    api.close();
    upstream.close();
    origin.close();
  }

  @Test
  void countsAttemptsAndSuccessesByTheirNumber() throws Exception {
    JsonNode metrics = api.read(RETRIES);

    assertThat(metrics.get("total_requests").intValue()).isEqualTo(6);
    assertThat(metrics.get("total_attempts").intValue()).isEqualTo(11);
    assertThat(metrics.get("total_retries").intValue()).isEqualTo(5);
    assertThat(metrics.get("success_by_attempt").toString()).isEqualTo("{\"0\":3,\"1\":1,\"2\":1}");
    assertThat(metrics.get("failures_by_class").toString()).isEqualTo("{\"status\":6}");
    assertThat(metrics.get("circuit_breaker_events_count").intValue()).isZero();
    assertThat(metrics.get("retention_hours").intValue()).isEqualTo(24);
    assertThat(metrics.get("total_retry_wait").doubleValue()).isPositive();
  }

  @Test
  void showsThemByMinuteHourAndDay() throws Exception {
    for (String interval : new String[] {"minute", "hour", "day"}) {
      JsonNode series = api.read(RETRIES + "/timeseries?hours=24&interval=" + interval);
      int requests = 0;
      int retries = 0;
      int second = 0;
      for (JsonNode point : series.get("data_points")) {
        second += point.get("success_by_attempt").path("1").intValue(0);
        requests += point.get("total_requests").intValue();
        retries += point.get("total_retries").intValue();
      }

      assertThat(requests).as(interval).isEqualTo(6);
      assertThat(retries).as(interval).isEqualTo(5);
      assertThat(second).as(interval).isEqualTo(1);
    }
    JsonNode hours = api.read(RETRIES + "/timeseries");
    assertThat(hours.get("interval").stringValue()).isEqualTo("hour");
    Instant last =
        Instant.parse(
            hours
                .at("/data_points/" + (hours.get("data_points").size() - 1))
                .get("timestamp")
                .stringValue());
    assertThat(last.getEpochSecond() % 3600).isZero();
  }

  @Test
  void saysWhenItCoversLessThanWasAskedFor() throws Exception {
    assertThat(api.read(RETRIES + "/timeseries?hours=24").get("truncated").booleanValue())
        .isFalse();
    JsonNode week = api.read(RETRIES + "/timeseries?hours=168");
    assertThat(week.get("truncated").booleanValue()).isFalse();
    assertThat(week.get("retention_hours").intValue()).isEqualTo(168);
    JsonNode proxies = api.read(RETRIES + "/by-proxy?hours=168");
    assertThat(proxies.get("truncated").booleanValue()).isTrue();
    assertThat(proxies.get("hours").intValue()).isEqualTo(168);
    assertThat(proxies.get("retention_hours").intValue()).isEqualTo(24);
  }

  @Test
  void splitsThemByProxy() throws Exception {
    String id = api.read("/api/v1/proxies").at("/proxies/0/id").stringValue();

    JsonNode stats = api.read(RETRIES + "/by-proxy").get("proxies").get(id);

    assertThat(stats.get("proxy_id").stringValue()).isEqualTo(id);
    assertThat(stats.get("total_attempts").intValue()).isEqualTo(11);
    assertThat(stats.get("success_count").intValue()).isEqualTo(5);
    assertThat(stats.get("failure_count").intValue()).isEqualTo(6);
    assertThat(stats.get("circuit_breaker_opens").intValue()).isZero();
    assertThat(stats.get("avg_latency").doubleValue()).isPositive();
  }

  @Test
  void splitsThemByPolicy() throws Exception {
    JsonNode policies = api.read(RETRIES + "/by-policy").get("policies");

    assertThat(policies.at("/default/total_requests").intValue()).isEqualTo(5);
    assertThat(policies.at("/default/request_success_rate").doubleValue()).isEqualTo(0.8);
    assertThat(policies.at("/critical/total_attempts").intValue()).isEqualTo(1);
    assertThat(policies.at("/critical/request_success_rate").doubleValue()).isEqualTo(1.0);
  }

  @Test
  void splitsThemByHost() throws Exception {
    JsonNode hosts = api.read(RETRIES + "/by-host").get("hosts");

    assertThat(hosts.propertyNames()).containsExactly("127.0.0.1:" + origin.port());
  }

  @Test
  void refusesWhatItDoesNotKnow() throws Exception {
    HttpResponse<String> interval = api.get(RETRIES + "/timeseries?interval=week");
    HttpResponse<String> name = api.get(RETRIES + "/timeseries?intervall=day");
    HttpResponse<String> twice = api.get(RETRIES + "/by-host?hours=1&hours=2");

    assertThat(Api.body(interval).at("/details/range").stringValue())
        .isEqualTo("one of minute, hour, day");
    assertThat(Api.body(name).at("/details/range").stringValue()).startsWith("interval (did you");
    assertThat(Api.body(twice).at("/details/field").stringValue()).isEqualTo("hours");
  }

  @Test
  void givesThemToPrometheus() throws Exception {
    String metrics = api.get("/metrics").body();

    assertThat(metrics)
        .contains(
            "belay_retries_total{outcome=\"success\"} 2",
            "belay_retries_total{outcome=\"failure\"} 3",
            "belay_attempts_total{outcome=\"success\"} 5",
            "belay_calls_total{outcome=\"success\"} 5",
            "belay_calls_total{outcome=\"attempts_exhausted\"} 1",
            "# TYPE belay_call_duration_seconds histogram",
            "belay_call_duration_seconds_bucket{le=\"+Inf\"} 6",
            "belay_call_duration_seconds_count 6",
            "belay_circuit_breaker_state{proxy=\"http://127.0.0.1:",
            "belay_retry_wait_seconds_total",
            "belay_attempts_24h 11");
  }
}
