package dev.belay.llm.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.check.Validators;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.ErrorTable;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.MemoryReviews;
import dev.belay.llm.review.ReviewFilter;
import dev.belay.llm.transport.Limits;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CheckedRouteTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION = GatewayHarness.chat("smart", "a river, as JSON", "");

  private final FaultyProvider provider = FaultyProvider.start(Answer.text("Rhine"));
  private final GatewayHarness gateway = new GatewayHarness();
  private final MemoryReviews reviews =
      new MemoryReviews(
          Time.system(), Thread::startVirtualThread, new SplittableRandom(1), 10, item -> {});
  private final LlmClient client =
      LlmClient.builder()
          .route(
              "smart",
              LlmEndpoint.of("one", "m")
                  .backend(
                      new Backend.Http(
                          OpenAiChat.openAi(), provider.uri("/v1"), Secret.of("key"), Headers.NONE))
                  .build())
          .corrections(CorrectionPolicy.builder().maxAttempts(2).humanAfter(2).build())
          .reviews(reviews, Duration.ofDays(1), Duration.ZERO)
          .build();

  @AfterEach
  void close() throws Exception {
    gateway.close();
    client.close();
    provider.close();
  }

  private void start() throws Exception {
    Json.Arr json = Json.of(List.of(Json.EMPTY.with("type", Json.of("json"))));
    gateway
        .route(
            new GatewayRoute(
                client.route("smart"),
                Limits.DEFAULT,
                ErrorTable.builtIn(),
                Optional.of(
                    new ClientAnswerer(
                        client, call -> call.checkedBy(Validators.standard().from(json)))),
                true))
        .start();
  }

  private HttpResponse<String> ask(String ticket, String body) throws Exception {
    return gateway
        .client()
        .send(
            gateway.request(CHAT, body).header("x-belay-review", ticket).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void whatOnlyAPersonCanDecideComesBackWithATicketAndLaterWithTheAnswer() throws Exception {
    start();

    HttpResponse<String> parked = gateway.post(CHAT, QUESTION);

    String ticket = header(parked, "x-belay-review");
    assertThat(parked.statusCode()).isEqualTo(422);
    assertThat(parked.body()).contains("human_review_needed", "x-belay-review: " + ticket);
    assertThat(header(parked, "x-belay-attempts")).isEqualTo("2");
    assertThat(header(parked, "x-belay-corrections")).isEqualTo("1");

    HttpResponse<String> soon = ask(ticket, QUESTION);
    assertThat(header(soon, "x-belay-review")).isEqualTo(ticket);
    assertThat(reviews.list(ReviewFilter.ALL).items()).hasSize(1);

    reviews.decide(ticket, new Decision.Edit("{\"river\": \"Rhine\"}"), "ann");
    HttpResponse<String> answer = ask(ticket, QUESTION);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("{\\\"river\\\": \\\"Rhine\\\"}");
    assertThat(header(answer, "x-belay-provider")).isEqualTo("review/ann");

    String stream = GatewayHarness.chat("smart", "a river, as JSON", ", \"stream\": true");
    assertThat(ask(ticket, stream).body()).contains("Rhine", "[DONE]");
  }

  @Test
  void aTicketOfNobodyIsUnknown() throws Exception {
    start();

    HttpResponse<String> answer = ask("rev-1", QUESTION);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("review_unknown", "there is no review rev-1");
  }

  @Test
  void whatAPersonRejectsIsToldOf() throws Exception {
    start();
    String ticket = header(gateway.post(CHAT, QUESTION), "x-belay-review");
    reviews.decide(ticket, new Decision.Reject("no rivers today"), "ann");

    HttpResponse<String> answer = ask(ticket, QUESTION);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("review_rejected", "no rivers today");
  }

  @Test
  void aLimitThatIsTooLongIsHandedOnWithTheTimeToComeBack() throws Exception {
    provider.behave(Script.of(Fault.rateLimited(Duration.ofHours(1))));
    start();

    HttpResponse<String> answer = gateway.post(CHAT, QUESTION);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValueAsLong("retry-after").orElse(0))
        .isBetween(3_600L, 4_000L);
    assertThat(provider.requestCount()).isEqualTo(1);
  }
}
