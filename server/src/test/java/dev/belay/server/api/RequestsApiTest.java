package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class RequestsApiTest {
  private static final String REQUESTS = "/api/v1/requests";

  private static JsonNode requests(Api api, String state) {
    try {
      return api.read(REQUESTS + "?state=" + state).get("requests");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRequestThatWaitsShowsItsAttemptAndWhenTheNextOneComes() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.status(503), Reply.ok("late")));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        Api api =
            Api.start("{url: \"%s\"}".formatted(upstream.uri()), "retry: {base_delay: 30s}\n")) {
      CompletableFuture<?> waiting = api.throughAsync(origin.uri("/"));
      Api.eventually("it waits", () -> requests(api, "retrying").size() == 1);

      JsonNode request = requests(api, "retrying").get(0);
      assertThat(request.get("attempt").intValue()).isEqualTo(1);
      assertThat(request.get("max_attempts").intValue()).isEqualTo(3);
      assertThat(request.get("policy").stringValue()).isEqualTo("default");
      assertThat(request.get("target").stringValue()).isEqualTo("127.0.0.1:" + origin.port());
      assertThat(request.get("proxy").stringValue()).isEqualTo(upstream.uri().toString());
      assertThat(request.get("seconds_until_retry").doubleValue()).isBetween(15.0, 30.0);
      Instant next = Instant.parse(request.get("next_retry_at").stringValue());
      assertThat(next).isBetween(Instant.now().plusSeconds(10), Instant.now().plusSeconds(31));
      assertThat(request.at("/failures/0/error_class").stringValue()).isEqualTo("status");
      assertThat(requests(api, "running").size()).isZero();

      String id = request.get("request_id").stringValue();
      JsonNode one = api.read(REQUESTS + "/" + id);
      assertThat(one.get("next_retry_at")).isEqualTo(request.get("next_retry_at"));

      waiting.cancel(true);
      Api.eventually("it is gone", () -> requests(api, "retrying").size() == 0);
      HttpResponse<String> over = api.get(REQUESTS + "/" + id);
      assertThat(over.statusCode()).isEqualTo(404);
      assertThat(Api.body(over).get("error").stringValue()).isEqualTo("REQUEST_NOT_FOUND");
    }
  }

  @Test
  void aRequestOnItsFirstAttemptIsRunningAndOnALaterOneRetrying() throws Exception {
    try (FaultyOrigin origin =
            FaultyOrigin.start(
                Script.byPath(
                    java.util.Map.of("/again", Script.of(Reply.status(503), Reply.hang())),
                    Script.of(Reply.hang())));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        Api api =
            Api.start("{url: \"%s\"}".formatted(upstream.uri()), "retry: {base_delay: 1ms}\n")) {
      CompletableFuture<?> first = api.throughAsync(origin.uri("/"));
      assertThat(origin.awaitRequests(1, Duration.ofSeconds(10))).isTrue();
      CompletableFuture<?> second = api.throughAsync(origin.uri("/again"));
      assertThat(origin.awaitRequests(3, Duration.ofSeconds(10))).isTrue();

      JsonNode running = requests(api, "running");
      JsonNode retrying = requests(api, "retrying");
      assertThat(running.size()).isEqualTo(1);
      assertThat(running.at("/0/attempt").intValue()).isEqualTo(1);
      assertThat(running.at("/0/next_retry_at").isNull()).isTrue();
      assertThat(retrying.size()).isEqualTo(1);
      assertThat(retrying.at("/0/attempt").intValue()).isEqualTo(2);
      assertThat(retrying.at("/0/next_retry_at").isNull()).isTrue();
      assertThat(api.read(REQUESTS + "?limit=1").get("truncated").booleanValue()).isTrue();
      assertThat(api.get("/metrics").body()).contains("belay_calls_running 2");
      first.cancel(true);
      second.cancel(true);
    }
  }

  @Test
  void refusesAStateThatItDoesNotKnow() throws Exception {
    try (Api api = Api.start("", "")) {
      HttpResponse<String> answer = api.get(REQUESTS + "?state=waiting");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(Api.body(answer).at("/details/range").stringValue())
          .isEqualTo("one of running, retrying");
    }
  }
}
