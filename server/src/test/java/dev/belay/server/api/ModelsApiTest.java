package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ModelsApiTest {
  private final FaultyProvider provider =
      FaultyProvider.start(
          Script.<LlmRequest, Answer>of(
              Fault.rateLimited(Duration.ofMillis(30)), Answer.text("hello")));

  @AfterEach
  void close() {
    provider.close();
  }

  private Api start(Path dir) throws Exception {
    return Api.start(
        "",
        """
        llm:
          port: 0
          providers: {one: {url: "%s", key: "sk-%s-of-the-account"}}
          routes:
            smart: {targets: [{provider: one, model: m}]}
            kept: {targets: [{provider: one, model: m}], cache: true}
          transcripts: {dir: "%s"}
          error_reports: {dir: "%s"}
        """
            .formatted(provider.uri("/v1"), Api.CANARY, dir.resolve("calls"), dir.resolve("runs")));
  }

  private static HttpResponse<String> ask(Api api, String model, String more) throws Exception {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}"
            .formatted(model, more);
    return api.client()
        .send(
            HttpRequest.newBuilder(
                    URI.create(api.server().llm().orElseThrow() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .header("x-belay-run", "run-7")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void saysWhatTheGatewayStandsForAndHowItWaits(@TempDir Path dir) throws Exception {
    try (Api api = start(dir)) {
      assertThat(ask(api, "smart", "").statusCode()).isEqualTo(200);
      ask(api, "kept", "");
      ask(api, "kept", "");

      JsonNode models = api.read("/api/v1/llm");
      assertThat(models.at("/routes/0/name").asString()).isEqualTo("smart");
      assertThat(models.at("/routes/0/endpoints/0/name").asString()).isEqualTo("one/m");
      assertThat(models.at("/routes/0/endpoints/0/why").asString()).contains("retry-after");
      assertThat(models.at("/requests/all").asInt()).isEqualTo(3);
      assertThat(models.at("/cache/hit_rate").asDouble()).isEqualTo(0.5);
      assertThat(models.at("/transcripts/failing").asBoolean()).isFalse();

      JsonNode rollout = api.read("/api/v1/llm/rollout");
      assertThat(rollout.at("/percent").asInt()).isEqualTo(100);
      assertThat(rollout.at("/fresh/calls").asInt()).isEqualTo(2); // one came from the cache
      assertThat(rollout.at("/fresh/retries").asInt()).isEqualTo(1);
      assertThat(rollout.at("/fresh/wasted_calls").asInt()).isZero();
      assertThat(rollout.at("/fresh/hints_honoured").asInt()).isEqualTo(1);
      assertThat(api.read("/api/v1/llm/gates").at("/gates/0/key").asString()).isEqualTo("one/m");
    }
  }

  @Test
  void aHaltPutsEverybodyBackUntilItIsResumed(@TempDir Path dir) throws Exception {
    try (Api api = start(dir)) {
      ask(api, "smart", "");
      HttpResponse<String> halted =
          api.json("POST", "/api/v1/llm/rollout/halt", "{\"reason\":\"p95 looks odd\"}");
      assertThat(Api.body(halted).at("/halted").asString()).isEqualTo("p95 looks odd");
      assertThat(Api.body(halted).at("/percent").asInt()).isZero();

      ask(api, "smart", "");
      assertThat(api.read("/api/v1/llm/rollout").at("/baseline/calls").asInt()).isEqualTo(1);

      api.post("/api/v1/llm/rollout/resume");
      assertThat(api.read("/api/v1/llm/rollout").at("/percent").asInt()).isEqualTo(100);
      assertThat(api.json("POST", "/api/v1/llm/rollout/halt", "{}").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void whatFailedIsWrittenDownAndShown(@TempDir Path dir) throws Exception {
    try (Api api = start(dir)) {
      ask(api, "smart", "");
      Api.eventually(
          "the report is there", () -> Files.isDirectory(dir.resolve("runs/run-7/errors")));
      Api.eventually("the report is whole", () -> total(api) == 1);

      JsonNode errors = api.read("/api/v1/llm/errors/run-7");
      assertThat(errors.at("/errors/0/error_class").asString()).isEqualTo("RATE_LIMIT");
      assertThat(errors.at("/errors/0/endpoint").asString()).isEqualTo("one/m");
      assertThat(errors.at("/summary/by_class/RATE_LIMIT").asInt()).isEqualTo(1);
      assertThat(api.get("/api/v1/llm/errors/nosuch").statusCode()).isEqualTo(404);
    }
  }

  private static int total(Api api) {
    try {
      return api.read("/api/v1/llm/errors").at("/runs/0/total").asInt();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void requestsThatArePassedOnHaveTranscriptsToo(@TempDir Path dir) throws Exception {
    try (Api api = start(dir)) {
      ask(api, "smart", "");
      ask(api, "smart", ",\"stream\":true");

      Api.eventually("two calls are written down", () -> ended(dir.resolve("calls")) == 2);
    }
  }

  private static long ended(Path calls) {
    try (Stream<Path> files = Files.walk(calls)) {
      long ends = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        Api.checkSecrets(text);
        boolean whole =
            text.contains("\"type\":\"call\"")
                && text.contains("\"hello\"")
                && text.contains("\"type\":\"end\"");
        ends += whole ? 1 : 0;
      }
      return ends;
    } catch (IOException notYet) {
      return 0;
    }
  }

  @Test
  void prometheusSeesCallsWaitsGatesAndTheCache(@TempDir Path dir) throws Exception {
    try (Api api = start(dir)) {
      ask(api, "smart", "");
      ask(api, "kept", "");
      ask(api, "kept", "");

      String metrics = api.get("/metrics").body();

      assertThat(metrics)
          .contains(
              "belay_llm_retries{arm=\"fresh\",label=\"RATE_LIMIT\"} 1.0",
              "belay_llm_wait_seconds_count{arm=\"fresh\"} 1",
              "belay_llm_gate_waiting{gate=\"one/m\"} 0.0",
              "belay_llm_cache_total{result=\"hit\"} 1.0",
              "belay_llm_rollout_percent 100.0",
              "belay_llm_requests_total{how=\"passed\"} 1.0");
    }
  }

  @Test
  void oneThatOnlyServesModelsIsWell(@TempDir Path dir) throws Exception {
    try (Api api = start(dir)) {
      JsonNode health = api.read("/health?ready");
      assertThat(health.at("/status").asString()).isEqualTo("UP");
      assertThat(health.at("/ready").asBoolean()).isTrue();
      assertThat(health.at("/models/total").asInt()).isEqualTo(1);
    }
  }

  @Test
  void whereThereIsNoGatewayItSaysHowToGetOne() throws Exception {
    try (Api api = Api.start("", "")) {
      HttpResponse<String> answer = api.get("/api/v1/llm");

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("NO_MODELS", "add llm.routes to belay.yaml");
    }
  }
}
