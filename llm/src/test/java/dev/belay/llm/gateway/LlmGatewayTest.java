package dev.belay.llm.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.CircuitBreaker;
import dev.belay.llm.json.Json;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.Trouble;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LlmGatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM = ", \"stream\": true";

  private final FaultyProvider first = FaultyProvider.start(Answer.text("hello"));
  private final FaultyProvider second = FaultyProvider.start(Answer.text("hello from the second"));
  private final GatewayHarness gateway = new GatewayHarness();

  @AfterEach
  void close() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  private void startOver(String dialect) throws Exception {
    gateway.route(GatewayRoute.passing(GatewayHarness.models(dialect, first, second))).start();
  }

  private static void eventually(String what, java.util.function.BooleanSupplier holds) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not come true: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Nested
  class InOnePiece {

    @Test
    void aRequestGoesOnAsItIsButForItsModelLoginAndHost() throws Exception {
      startOver("openai");

      HttpResponse<String> answer =
          gateway.post(CHAT, GatewayHarness.chat("smart", "hi \\u00fc", ", \"seed\": 7.50"));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("hello");
      var received = first.requests().getFirst();
      assertThat(received.model()).isEqualTo("real-model");
      assertThat(received.key()).isEqualTo(GatewayHarness.CANARY);
      assertThat(received.body()).contains("\"seed\": 7.50", "hi \\u00fc");
      assertThat(answer.headers().firstValue("x-belay-provider")).hasValue("provider-0/real-model");
      assertThat(answer.headers().firstValue("x-belay-attempts")).hasValue("1");
    }

    @Test
    void anthropicsProtocolGoesOnToo() throws Exception {
      startOver("anthropic");

      HttpResponse<String> answer =
          gateway.post("/v1/messages", GatewayHarness.messages("smart", "hi", ""));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("hello", "\"end_turn\"");
    }

    @Test
    void goesElsewhereWhenAProviderFails() throws Exception {
      first.behave(Script.of(Fault.overloaded()));
      startOver("openai");

      HttpResponse<String> answer = gateway.post(CHAT, GatewayHarness.chat("smart", "hi", ""));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("hello from the second");
      assertThat(answer.headers().firstValue("x-belay-provider")).hasValue("provider-1/real-model");
      assertThat(answer.headers().firstValue("x-belay-attempts")).hasValue("2");
    }

    @Test
    void anAnswerThatIsNoneIsAskedForElsewhere() throws Exception {
      first.behave(Script.of(Answer.html(200), Answer.text("x").truncatedJson(), Answer.reset()));
      startOver("openai");

      for (int i = 0; i < 3; i++) {
        assertThat(gateway.post(CHAT, GatewayHarness.chat("smart", "hi", "")).body())
            .contains("hello from the second");
      }
    }

    @Test
    void theLastProvidersOwnWordsAreHandedOn() throws Exception {
      first.behave(Script.of(Fault.status(503)));
      second.behave(Script.of(Fault.rateLimited(Duration.ofSeconds(30))));
      startOver("openai");

      HttpResponse<String> answer = gateway.post(CHAT, GatewayHarness.chat("smart", "hi", ""));

      assertThat(answer.statusCode()).isBetween(429, 503);
      assertThat(Json.parse(answer.body()).toString()).contains("\"error\"");
      assertThat(answer.headers().firstValue("x-belay-attempts")).isPresent();
    }

    @Test
    void thatOurKeyDoesNotFitIsNotTheClientsAffair() throws Exception {
      first.behave(Script.of(Fault.of(Trouble.AUTH)));
      second.behave(Script.of(Fault.of(Trouble.AUTH)));
      startOver("openai");

      HttpResponse<String> answer = gateway.post(CHAT, GatewayHarness.chat("smart", "hi", ""));

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(second.requestCount()).isEqualTo(1); // another account may do what this cannot
    }

    @Test
    void aRequestThatTheProviderDoesNotUnderstandComesBackAtOnce() throws Exception {
      first.behave(Script.of(Fault.of(Trouble.INVALID)));
      startOver("openai");

      HttpResponse<String> answer = gateway.post(CHAT, GatewayHarness.chat("smart", "hi", ""));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(second.requestCount()).isZero();
    }
  }

  @Nested
  class AsAStream {

    @Test
    void comesPieceByPieceToItsEnd() throws Exception {
      startOver("openai");

      HttpResponse<String> answer = gateway.post(CHAT, GatewayHarness.chat("smart", "hi", STREAM));

      assertThat(answer.headers().firstValue("content-type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(answer.body()).contains("data: ").endsWith("data: [DONE]\n\n");
    }

    @Test
    void isHeldUntilItsFirstContentAndGoesElsewhereUntilThen() throws Exception {
      first.behave(
          Script.of(
              Answer.text("x").resetAfter(0),
              Answer.text("x").cutAfter(0),
              Answer.html(200),
              Answer.text("x").errorAfter(0, Fault.overloaded())));
      startOver("anthropic");

      for (int i = 0; i < 4; i++) {
        HttpResponse<String> answer =
            gateway.post("/v1/messages", GatewayHarness.messages("smart", "hi", STREAM));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("econd").contains("event: message_stop");
        assertThat(answer.headers().firstValue("x-belay-provider"))
            .hasValue("provider-1/real-model");
      }
    }

    @Test
    void neverLooksWholeWhenItIsCut() throws Exception {
      first.behave(
          Script.of(Answer.text("one two three four").chunks(4, Duration.ZERO).cutAfter(2)));
      startOver("openai");

      String answer = gateway.raw(CHAT, GatewayHarness.chat("smart", "hi", STREAM));

      assertThat(answer).contains("200 OK", "one", "\"error\"").doesNotContain("[DONE]");
      assertThat(answer).as("no last chunk").doesNotContain("\r\n0\r\n");
      assertThat(second.requestCount()).isZero();
    }

    @Test
    void tellsOfAnErrorThatCameAfterItsContent() throws Exception {
      first.behave(
          Script.of(
              Answer.text("one two three four")
                  .chunks(4, Duration.ZERO)
                  .errorAfter(2, Fault.overloaded())));
      startOver("anthropic");

      String answer = gateway.raw("/v1/messages", GatewayHarness.messages("smart", "hi", STREAM));

      assertThat(answer)
          .contains("one", "event: error", "overloaded_error")
          .doesNotContain("message_stop", "\r\n0\r\n");
    }

    @Test
    void aProviderThatBreaksOffAgainAndAgainIsLeftAlone() throws Exception {
      first.behave(
          Script.of(Answer.text("one two three four").chunks(4, Duration.ZERO).cutAfter(2)));
      startOver("openai");
      CircuitBreaker breaker =
          gateway.gateway().routes().getFirst().models().endpoints().getFirst().breaker();

      for (int i = 0; i < BreakerPolicy.DEFAULT.trip().failures(); i++) {
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(gateway.raw(CHAT, GatewayHarness.chat("smart", "hi", STREAM)))
            .doesNotContain("[DONE]");
      }

      assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
      assertThat(gateway.post(CHAT, GatewayHarness.chat("smart", "hi", STREAM)).body())
          .contains("hello from the s", "[DONE]");
    }
  }

  @Nested
  class AtTheDoor {

    @Test
    void clientsNeedTheGatewaysOwnKeys() throws Exception {
      gateway
          .route(GatewayRoute.passing(GatewayHarness.models("openai", first)))
          .start(GatewaySettings.DEFAULT.withKeys(Map.of("ann", "gw-1", "bob", "gw-2")));
      String body = GatewayHarness.chat("smart", "hi", "");

      HttpRequest bearer =
          gateway.request(CHAT, body).header("authorization", "Bearer gw-2").build();
      HttpRequest own = gateway.request(CHAT, body).header("x-api-key", "gw-1").build();
      HttpRequest wrong =
          gateway.request(CHAT, body).header("authorization", "Bearer gw-3").build();

      assertThat(status(bearer)).isEqualTo(200);
      assertThat(status(own)).isEqualTo(200);
      assertThat(status(wrong)).isEqualTo(401);
      assertThat(gateway.post(CHAT, body).statusCode()).isEqualTo(401);
      assertThat(first.requests())
          .allSatisfy(request -> assertThat(request.key()).isEqualTo(GatewayHarness.CANARY));
    }

    private int status(HttpRequest request) throws Exception {
      return gateway.client().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void badRequestsAreToldWhatIsWrongBeforeAnyProviderIsAsked() throws Exception {
      startOver("openai");

      assertThat(gateway.post(CHAT, "{").statusCode()).isEqualTo(400);
      assertThat(gateway.post(CHAT, "[]").body()).contains("must be a JSON object");
      assertThat(gateway.post(CHAT, "{\"messages\": []}").body()).contains("model: is required");
      HttpResponse<String> unknown = gateway.post(CHAT, GatewayHarness.chat("clever", "hi", ""));
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.body()).contains("model_not_found", "there are smart");
      assertThat(gateway.post("/v1/nothing", "{}").statusCode()).isEqualTo(404);
      assertThat(gateway.post("/v1/messages", GatewayHarness.messages("smart", "hi", "")).body())
          .contains("\"type\":\"error\"", "do not speak");
      assertThat(
              gateway
                  .client()
                  .send(
                      HttpRequest.newBuilder(gateway.uri(CHAT)).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(405);
      assertThat(first.requestCount()).isZero();
    }

    @Test
    void aBodyMayNotBeTooLarge() throws Exception {
      GatewaySettings small =
          new GatewaySettings("127.0.0.1", 0, Map.of(), 1_000, 10, Duration.ofSeconds(1));
      gateway.route(GatewayRoute.passing(GatewayHarness.models("openai", first))).start(small);

      HttpResponse<String> answer =
          gateway.post(CHAT, GatewayHarness.chat("smart", "x".repeat(2_000), ""));

      assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void namesItsModels() throws Exception {
      startOver("openai");

      HttpResponse<String> answer =
          gateway
              .client()
              .send(
                  HttpRequest.newBuilder(gateway.uri("/v1/models")).build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(answer.body()).contains("\"id\":\"smart\"");
    }

    @Test
    void nothingGoesOnForAClientThatHasLeft() throws Exception {
      first.behave(Script.of(Answer.hang()));
      startOver("openai");

      CompletableFuture<?> leaving =
          gateway
              .client()
              .sendAsync(
                  gateway.request(CHAT, GatewayHarness.chat("smart", "hi", "")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(first.awaitRequests(1, Duration.ofSeconds(10))).isTrue();
      leaving.cancel(true);

      eventually("the provider is left alone", () -> first.server().activeConnections() == 0);
      assertThat(second.requestCount()).isZero();
    }

    @Test
    void whatIsUnderWayMayFinishWhenTheGatewayStops() throws Exception {
      first.behave(Script.of(Answer.text("late").firstByteAfter(Duration.ofMillis(300))));
      startOver("openai");

      CompletableFuture<HttpResponse<String>> answer =
          gateway
              .client()
              .sendAsync(
                  gateway.request(CHAT, GatewayHarness.chat("smart", "hi", "")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(first.awaitRequests(1, Duration.ofSeconds(10))).isTrue();
      int cut = gateway.gateway().stop().toCompletableFuture().get(20, TimeUnit.SECONDS);

      assertThat(cut).isZero();
      assertThat(answer.get(10, TimeUnit.SECONDS).body()).contains("late");
    }

    @Test
    void listensToOthersOnlyWithKeys() {
      assertThatThrownBy(() -> new GatewaySettings("0.0.0.0", 1, Map.of(), 1, 1, Duration.ZERO))
          .hasMessageContaining("add llm.keys");
      assertThat(GatewaySettings.DEFAULT.withKeys(Map.of("ann", "c4nary")).toString())
          .doesNotContain("c4nary");
    }
  }
}
