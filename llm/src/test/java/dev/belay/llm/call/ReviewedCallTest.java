package dev.belay.llm.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.Time;
import dev.belay.llm.check.Validators;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.GateEntry.Priority;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.MemoryReviews;
import dev.belay.llm.review.ReviewException;
import dev.belay.llm.review.ReviewFilter;
import dev.belay.llm.review.ReviewItem;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReviewedCallTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Json.Arr JSON = Json.of(List.of(Json.EMPTY.with("type", Json.of("json"))));
  private static final LlmCall CALL =
      LlmCall.of("smart", "Name a river, as JSON. My key is sk-abcdefgh12345678.")
          .checkedBy(Validators.standard().from(JSON))
          .correctedBy(CorrectionPolicy.builder().maxAttempts(2).humanAfter(2).build());

  private final FaultyProvider provider =
      FaultyProvider.start(Answer.texts("Rhine", "Elbe", "{\"river\": \"Po\"}"));
  private final MemoryReviews queue =
      new MemoryReviews(
          Time.system(), Thread::startVirtualThread, new SplittableRandom(1), 1, item -> {});

  @AfterEach
  void close() {
    provider.close();
  }

  private LlmClient client(Duration hold) {
    LlmEndpoint endpoint =
        LlmEndpoint.of("one", "m")
            .backend(
                new Backend.Http(
                    OpenAiChat.openAi(), provider.uri("/v1"), Secret.of("key"), Headers.NONE))
            .build();
    return LlmClient.builder().route("smart", endpoint).reviews(queue, DAY, hold).build();
  }

  private String parked(LlmClient client) {
    HumanReviewNeeded needed =
        catchThrowableOfType(HumanReviewNeeded.class, () -> client.call(CALL));
    return needed.ticket().orElseThrow();
  }

  @Test
  void aCallThatNobodyButAPersonCanDecideIsParkedWithoutItsSecrets() throws Exception {
    try (LlmClient client = client(Duration.ZERO)) {
      String ticket = parked(client);

      ReviewItem item = queue.find(ticket).orElseThrow();
      assertThat(item.parked().answer().text()).isEqualTo("Elbe");
      assertThat(item.parked().attemptsMade()).isEqualTo(2);
      assertThat(item.parked().lastAttemptIndex()).isEqualTo(1);
      assertThat(item.parked().problems()).hasSize(2);
      assertThat(item.parked().answer().question()).doesNotContain("sk-abcdefgh");
      assertThat(provider.requestCount()).isEqualTo(2);
      assertThatThrownBy(() -> client.call(CALL.afterReview(ticket)))
          .isInstanceOf(HumanReviewNeeded.class)
          .hasMessageContaining("nobody has decided yet; parked as " + ticket);
    }
  }

  @Test
  void whatAPersonApprovesOrEditsIsTheAnswer() throws Exception {
    try (LlmClient client = client(Duration.ZERO)) {
      String ticket = parked(client);
      queue.decide(ticket, new Decision.Approve(), "ann");

      LlmResult result = client.call(CALL.afterReview(ticket));

      assertThat(result.text()).isEqualTo("Elbe");
      assertThat(result.endpoint()).isEqualTo("review/ann");
      assertThat(result.attempts()).isZero();

      provider.behave(Script.of(Answer.text("Rhine")));
      String other = parked(client);
      queue.decide(other, new Decision.Edit("{\"river\": \"Oder\"}"), "ann");
      assertThat(client.call(CALL.afterReview(other)).text()).isEqualTo("{\"river\": \"Oder\"}");
    }
  }

  @Test
  void aModelThatIsAskedAgainHearsWhatThePersonSays() throws Exception {
    try (LlmClient client = client(Duration.ZERO)) {
      String ticket = parked(client);
      queue.decide(ticket, new Decision.Retry("braces, please", 2), "ann");

      LlmResult result = client.call(CALL.afterReview(ticket));

      assertThat(result.text()).isEqualTo("{\"river\": \"Po\"}");
      assertThat(provider.requests().getLast().body())
          .contains("braces, please", "Elbe", "attempt 2/4", "sk-abcdefgh");
      assertThat(result.attempts()).isEqualTo(1);
    }
  }

  @Test
  void whatFailsAgainGoesToAPersonAgain() throws Exception {
    provider.behave(Script.of(Answer.text("Rhine")));
    try (LlmClient client = client(Duration.ZERO)) {
      String first = parked(client);
      queue.decide(first, new Decision.Retry("braces, please", 1), "ann");

      HumanReviewNeeded again =
          catchThrowableOfType(HumanReviewNeeded.class, () -> client.call(CALL.afterReview(first)));

      assertThat(again.ticket()).isPresent().isNotEqualTo(Optional.of(first));
      assertThat(provider.requestCount()).isEqualTo(3);
    }
  }

  @Test
  void whatAPersonRejectsFailsWithTheReason() throws Exception {
    try (LlmClient client = client(Duration.ZERO)) {
      String ticket = parked(client);
      queue.decide(ticket, new Decision.Reject("no rivers today"), "ann");

      assertThatThrownBy(() -> client.call(CALL.afterReview(ticket)))
          .isInstanceOf(ReviewRejected.class)
          .hasMessage("ann rejected the answer: no rivers today");
    }
  }

  @Test
  void aCallWaitsForAPersonWhoIsQuick() throws Exception {
    try (LlmClient client = client(Duration.ofSeconds(30))) {
      CompletableFuture<LlmResult> call = client.callAsync(CALL);
      while (queue.stats().open() == 0) {
        Thread.onSpinWait();
      }
      String ticket = queue.list(ReviewFilter.ALL).items().getFirst().ticket();
      queue.decide(ticket, new Decision.Edit("42"), "ann");

      assertThat(call.get(20, TimeUnit.SECONDS).text()).isEqualTo("42");
    }
  }

  @Test
  void aTicketOfAnotherTenantIsUnknown() throws Exception {
    try (LlmClient client = client(Duration.ZERO)) {
      String ticket = parked(client);
      LlmCall other = CALL.forTenant("other", Priority.NORMAL).afterReview(ticket);

      assertThatThrownBy(() -> client.call(other))
          .isInstanceOf(ReviewException.class)
          .hasMessageContaining("there is no review");
    }
  }

  @Test
  void aQueueThatIsFullIsToldOf() throws Exception {
    provider.behave(Script.of(Answer.text("Rhine")));
    try (LlmClient client = client(Duration.ZERO)) {
      parked(client);

      assertThatThrownBy(() -> client.call(CALL))
          .isInstanceOf(HumanReviewNeeded.class)
          .hasMessageContaining("could not be parked: 1 calls wait for review already");
    }
  }
}
