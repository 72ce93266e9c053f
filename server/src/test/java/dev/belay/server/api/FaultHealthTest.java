package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** One answer for those who want a fault executor, and for those who want a search. */
@Timeout(60)
class FaultHealthTest {

  @Test
  void clientsOfAnExecutorFindItHealthyAndThoseOfASearchFindAnExecutor() throws Exception {
    try (Api api = Api.start("", "")) {
      Instant before = Time.system().instant().minusSeconds(1);

      HttpResponse<String> answer = api.get("/v1/health");

      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode body = Api.body(answer);
      assertThat(body.get("status").stringValue()).isEqualTo("healthy");
      assertThat(Instant.parse(body.get("timestamp").stringValue())).isAfter(before);
      assertThat(body.get("executor_available").booleanValue()).isTrue();
      assertThat(body.has("reason")).isFalse();
      assertThat(body.get("details").get("in_force").intValue()).isZero();
      assertThat(body.get("details").get("halted").booleanValue()).isFalse();
    }
  }

  @Test
  void isUnavailableWhileTheExecutorElsewhereIsAndSaysWhy() throws Exception {
    try (FaultyOrigin executor =
            FaultyOrigin.start(Script.of(Reply.status(503).body("{\"status\":\"not_ready\"}")));
        Api api =
            Api.start(
                "",
                "chaos: {executor: {url: \"http://127.0.0.1:%d\", health_interval: 100ms}}"
                    .formatted(executor.port()))) {
      Api.eventually("the executor is known not to be well", () -> status(api) == 503);

      JsonNode body = Api.body(api.get("/v1/health"));
      assertThat(body.get("status").stringValue()).isEqualTo("unavailable");
      assertThat(body.get("executor_available").booleanValue()).isFalse();
      assertThat(body.get("reason").stringValue())
          .isEqualTo(
              "the fault executor at http://127.0.0.1:%d is not well".formatted(executor.port()));
    }
  }

  @Test
  void isHealthyAgainOnceTheExecutorIs() throws Exception {
    try (FaultyOrigin executor =
            FaultyOrigin.start(Script.of(Reply.status(503), Reply.ok("{\"status\":\"healthy\"}")));
        Api api =
            Api.start(
                "",
                "chaos: {executor: {url: \"http://127.0.0.1:%d\", health_interval: 100ms}}"
                    .formatted(executor.port()))) {
      Api.eventually("the executor was asked twice", () -> executor.requestCount() >= 2);
      Api.eventually("the executor is known to be well", () -> status(api) == 200);
    }
  }

  private static int status(Api api) {
    try {
      return api.get("/v1/health").statusCode();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
