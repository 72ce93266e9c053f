package dev.belay.llm.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.cache.CacheStore;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.StreamSink;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.Finish;
import dev.belay.testkit.llm.LlmRequest;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CachedCallTest {
  private static final LlmCall HELLO = LlmCall.of("smart", "hello");
  private static final Validator JSON =
      Validators.standard()
          .from(Json.of(List.of(Json.EMPTY.with("type", Json.of("json")))))
          .getFirst();

  private final FaultyProvider provider = FaultyProvider.start(Answer.text("one"));
  private final AnswerCache cache =
      new AnswerCache(AnswerCache.Settings.DEFAULT, CacheStore.NONE, Time.system());
  private final LlmClient client =
      LlmClient.builder()
          .route(
              "smart",
              LlmEndpoint.of("one", "m")
                  .backend(
                      new Backend.Http(
                          OpenAiChat.openAi(), provider.uri("/v1"), Secret.of("key"), Headers.NONE))
                  .build())
          .cache(cache)
          .build();

  @AfterEach
  void close() {
    client.close();
    provider.close();
  }

  @Test
  void anEqualRequestIsAnsweredFromTheCache() throws Exception {
    client.call(HELLO);
    LlmResult second = client.call(HELLO);

    assertThat(second.text()).isEqualTo("one");
    assertThat(second.endpoint()).isEqualTo("cache");
    assertThat(second.attempts()).isZero();
    assertThat(provider.requestCount()).isEqualTo(1);
    assertThat(client.call(HELLO.uncached()).endpoint()).isEqualTo("one/m");
    assertThat(cache.counts().hitRate()).isEqualTo(0.5);
  }

  @Test
  void anAnswerThatDoesNotStandIsNeverKeptAndTheCorrectedOneIs() throws Exception {
    provider.behave(
        Script.<LlmRequest, Answer>of(Answer.text("no JSON"), Answer.text("{\"ok\":1}")));

    assertThat(client.call(HELLO.checkedBy(JSON)).corrections()).isEqualTo(1);

    LlmResult again = client.call(HELLO.checkedBy(JSON));
    assertThat(again.text()).isEqualTo("{\"ok\":1}");
    assertThat(again.endpoint()).isEqualTo("cache");
    assertThat(provider.requestCount()).isEqualTo(2);
  }

  @Test
  void whatWasKeptHasToPassTodaysChecks() throws Exception {
    client.call(HELLO);
    provider.behave(Script.<LlmRequest, Answer>of(Answer.text("{\"ok\":1}")));

    LlmResult checked = client.call(HELLO.checkedBy(JSON));

    assertThat(checked.text()).isEqualTo("{\"ok\":1}");
    assertThat(checked.corrections()).isZero();
    assertThat(cache.counts().stale()).isEqualTo(1);
  }

  @Test
  void answersThatAreCutOrEmptyAreNotKept() throws Exception {
    provider.behave(
        Script.<LlmRequest, Answer>of(
            Answer.text("half").finish(Finish.LENGTH), Answer.text(""), Answer.text("whole")));

    client.call(HELLO);
    client.call(HELLO);

    assertThat(client.call(HELLO).text()).isEqualTo("whole");
    assertThat(cache.counts().stores()).isEqualTo(1);
  }

  @Test
  void equalCallsAtTheSameTimeMakeOneRequest() throws Exception {
    provider.behave(
        Script.<LlmRequest, Answer>of(Answer.text("one").firstByteAfter(Duration.ofMillis(300))));
    List<CompletableFuture<LlmResult>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(client.callAsync(HELLO));
    }
    for (CompletableFuture<LlmResult> call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS).text()).isEqualTo("one");
    }

    assertThat(provider.requestCount()).isEqualTo(1);
    assertThat(cache.counts().hits() + cache.counts().shared()).isEqualTo(99);
  }

  @Test
  void whoeverWaitsForACallThatIsCancelledGoesOnByItself() throws Exception {
    provider.behave(Script.<LlmRequest, Answer>of(Answer.hang(), Answer.text("two")));
    CompletableFuture<LlmResult> first = client.callAsync(HELLO);
    assertThat(provider.awaitRequests(1, Duration.ofSeconds(20))).isTrue();
    CompletableFuture<LlmResult> second = client.callAsync(HELLO);

    first.cancel(true);

    assertThat(second.get(30, TimeUnit.SECONDS).text()).isEqualTo("two");
  }

  @Test
  void oneFailureIsToldToAllWhoAskTheSame() throws Exception {
    provider.behave(
        Script.<LlmRequest, Answer>of(Fault.of(Trouble.INVALID).delayed(Duration.ofMillis(300))));
    List<CompletableFuture<LlmResult>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(client.callAsync(HELLO));
    }
    for (CompletableFuture<LlmResult> call : calls) {
      assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ProviderFailed.class);
    }
    assertThat(provider.requestCount()).isLessThan(20);
  }

  @Test
  void oneWhoHasLessTimeDoesNotWaitLonger() throws Exception {
    provider.behave(Script.<LlmRequest, Answer>of(Answer.hang()));
    CompletableFuture<LlmResult> first = client.callAsync(HELLO);
    assertThat(provider.awaitRequests(1, Duration.ofSeconds(20))).isTrue();

    assertThatThrownBy(() -> client.call(HELLO.within(Duration.ofMillis(50))))
        .isInstanceOf(BudgetExceeded.class)
        .hasMessageContaining("an equal call was under way");
    first.cancel(true);
  }

  @Test
  void streamsAreKeptAndGivenInPieces() throws Exception {
    List<StreamEvent> heard = new ArrayList<>();
    StreamSink sink =
        event -> {
          heard.add(event);
          return StreamSink.READY;
        };

    client.stream(HELLO, sink).get(30, TimeUnit.SECONDS);
    heard.clear();
    LlmResult second = client.stream(HELLO, sink).get(30, TimeUnit.SECONDS);

    assertThat(second.endpoint()).isEqualTo("cache");
    assertThat(heard).first().isEqualTo(new StreamEvent.Text("one"));
    assertThat(heard).last().isInstanceOf(StreamEvent.End.class);
    assertThat(provider.requestCount()).isEqualTo(1);
  }
}
