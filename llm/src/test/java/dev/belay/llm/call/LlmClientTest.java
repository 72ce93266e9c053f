package dev.belay.llm.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.BreakerState;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.OnFail;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Validator;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.correct.HistoryPolicy;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Prices;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.StreamSink;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.Finish;
import dev.belay.testkit.llm.Message;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LlmClientTest {
  private static final String CANARY = "sk-canary-client-1234567890";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final McpServer SEARCH =
      new McpServer.Remote("search", "http", "https://tools.example/mcp", Map.of(), List.of());

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private FaultyProvider provider(Answer first, Answer... rest) {
    FaultyProvider provider =
        FaultyProvider.start(Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(first, rest));
    open.add(provider);
    return provider;
  }

  private static LlmEndpoint openAi(String name, FaultyProvider provider) {
    return LlmEndpoint.of(name, "model-" + name)
        .backend(
            new Backend.Http(
                OpenAiChat.openAi(), provider.uri("/v1"), Secret.of(CANARY), Headers.NONE))
        .prices(new Prices(1, 2, 1))
        .build();
  }

  private LlmClient client(LlmEndpoint first, LlmEndpoint... rest) {
    return opened(LlmClient.builder().route("smart", first, rest).build());
  }

  private LlmClient opened(LlmClient client) {
    open.add(client);
    return client;
  }

  private LlmClient client(FaultyProvider provider) {
    return client(openAi("one", provider));
  }

  private static Validator says(String word) {
    return new Validator() {
      @Override
      public String name() {
        return "says";
      }

      @Override
      public Finding check(dev.belay.llm.check.Answer answer, CheckContext context) {
        return answer.text().contains(word)
            ? Finding.valid(answer)
            : Finding.invalid(
                Problem.of("says", "the word " + word + " is missing", "say " + word).at("/word"));
      }
    };
  }

  private static final LlmCall HELLO = LlmCall.of("smart", "hello");

  private static LlmCall checked(CorrectionPolicy policy) {
    return HELLO.checkedBy(says("good")).correctedBy(policy);
  }

  private static <X extends Throwable> X failureOf(LlmClient client, LlmCall call, Class<X> type) {
    X failure = catchThrowableOfType(type, () -> client.call(call));
    assertThat(failure).isNotNull();
    assertThat(String.valueOf(failure)).doesNotContain(CANARY);
    return failure;
  }

  private static LlmEndpoint window(String name, FaultyProvider provider, int tokens) {
    return LlmEndpoint.of(name, "model-" + name)
        .backend(
            new Backend.Http(
                OpenAiChat.openAi(), provider.uri("/v1"), Secret.of(CANARY), Headers.NONE))
        .contextWindow(tokens)
        .build();
  }

  @Test
  void aConversationThatFitsIntoNoModelIsRefusedBeforeAnybodyIsAsked() {
    FaultyProvider provider = provider(Answer.text("good"));
    LlmClient client = client(window("small", provider, 1_000));

    ProviderFailed failure =
        failureOf(client, LlmCall.of("smart", "word ".repeat(2_000)), ProviderFailed.class);

    assertThat(failure.error().kind()).isEqualTo(ErrorKind.CONTEXT_OVERFLOW);
    assertThat(failure).hasMessageContaining("do not fit into the 1000 of small/model-small");
    assertThat(failure.report().spent().attempts()).isZero();
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void aConversationThatIsTooLongGoesToAModelWithMoreRoom() throws Exception {
    FaultyProvider small = provider(Answer.text("small"));
    FaultyProvider unknown = provider(Fault.of(Trouble.CONTEXT_OVERFLOW));
    FaultyProvider large = provider(Answer.text("large"));
    LlmClient client =
        client(
            window("small", small, 1_000),
            window("unknown", unknown, 2_600),
            window("large", large, 100_000));

    LlmResult result = client.call(LlmCall.of("smart", "word ".repeat(2_000)));

    assertThat(result.text()).isEqualTo("large");
    assertThat(small.requestCount()).isZero();
    assertThat(unknown.requestCount()).isEqualTo(1);
    assertThat(result.waited()).isZero();
  }

  @Test
  void bringsAnAnswer() throws Exception {
    FaultyProvider provider = provider(Answer.text("good morning").usage(12, 3));

    LlmResult result = client(provider).call(HELLO);

    assertThat(result.text()).isEqualTo("good morning");
    assertThat(result.endpoint()).isEqualTo("one/model-one");
    assertThat(result.attempts()).isEqualTo(1);
    assertThat(result.corrections()).isZero();
    assertThat(result.usage().total()).isEqualTo(15);
    assertThat(result.dollars()).isEqualTo(18e-6);
    assertThat(result.report().requests()).hasSize(1);
  }

  @Test
  void goesToTheNextProviderAtOnceWhenTheFirstHasNoCapacity() throws Exception {
    FaultyProvider full = provider(Fault.overloaded());
    FaultyProvider free = provider(Answer.text("good"));

    LlmResult result = client(openAi("full", full), openAi("free", free)).call(HELLO);

    assertThat(result.endpoint()).isEqualTo("free/model-free");
    assertThat(result.attempts()).isEqualTo(2);
    assertThat(result.corrections()).isZero();
    assertThat(full.requestCount()).isEqualTo(1);
  }

  @Test
  void waitsAsLongAsTheOnlyProviderSays() throws Exception {
    FaultyProvider provider =
        provider(Fault.rateLimited(Duration.ofMillis(300)), Answer.text("good"));

    LlmResult result = client(provider).call(HELLO);

    assertThat(result.text()).isEqualTo("good");
    assertThat(result.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    assertThat(provider.requestCount()).isEqualTo(2);
    assertThat(provider.wastedCalls()).isZero();
  }

  @Test
  void aRateLimitSendsLaterCallsElsewhereUntilItIsOver() throws Exception {
    FaultyProvider busy = provider(Fault.rateLimited(Duration.ofSeconds(40)), Answer.text("late"));
    FaultyProvider free = provider(Answer.text("good"));
    LlmClient client = client(openAi("busy", busy), openAi("free", free));

    assertThat(client.call(HELLO).endpoint()).isEqualTo("free/model-free");
    assertThat(client.call(HELLO).endpoint()).isEqualTo("free/model-free");

    assertThat(busy.requestCount()).isEqualTo(1);
    assertThat(client.route("smart").endpoints().getFirst().breaker().state())
        .isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void aHintThatIsTooLongIsNotSleptButTold() {
    FaultyProvider provider = provider(Fault.rateLimited(Duration.ofHours(1)));
    LlmClient client = client(provider);
    Instant before = Instant.now();

    ProviderFailed failure = failureOf(client, HELLO, ProviderFailed.class);

    assertThat(failure.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
    assertThat(failure.retryAt()).isAfter(before.plus(Duration.ofMinutes(59)));
    assertThat(failure.report().requests()).hasSize(1);
    ProviderFailed next = failureOf(client, HELLO, ProviderFailed.class);
    assertThat(next.error().kind()).isEqualTo(ErrorKind.CIRCUIT_OPEN);
    assertThat(next.retryAt()).isAfter(before.plus(Duration.ofMinutes(59)));
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void nobodyRunsIntoALimitThatOneHasMet() throws Exception {
    FaultyProvider provider =
        provider(Fault.rateLimited(Duration.ofSeconds(1)), Answer.text("good"));
    LlmClient client = client(provider);
    CompletableFuture<LlmResult> first = client.callAsync(HELLO);
    assertThat(provider.awaitRequests(1, LONG)).isTrue();
    LlmRoute route = client.route("smart");
    while (route.closedFor().isZero()) {
      Thread.onSpinWait();
    }
    List<CompletableFuture<LlmResult>> calls = new ArrayList<>();
    calls.add(first);
    for (int i = 0; i < 255; i++) {
      calls.add(client.callAsync(HELLO));
    }

    for (CompletableFuture<LlmResult> call : calls) {
      assertThat(call.get(2, TimeUnit.MINUTES).text()).isEqualTo("good");
    }

    assertThat(provider.wastedCalls()).isZero();
    assertThat(provider.requestCount()).isEqualTo(257);
  }

  @Test
  void asksAgainWithWhatIsWrong() throws Exception {
    FaultyProvider provider = provider(Answer.text("bad"), Answer.text("a good one"));
    LlmRequest request = LlmRequest.of("smart", "hello");

    LlmResult result = client(provider).call(LlmCall.of(request).checkedBy(says("good")));

    assertThat(result.text()).isEqualTo("a good one");
    assertThat(result.attempts()).isEqualTo(2);
    assertThat(result.corrections()).isEqualTo(1);
    assertThat(provider.requests().getLast().messages())
        .extracting(Message::role)
        .containsExactly("user", "assistant", "user");
    assertThat(provider.requests().getLast().lastUserText())
        .contains("attempt 1/3", "the word good is missing", "/word", "say good", "hello");
    assertThat(request.messages()).hasSize(1);
  }

  @Test
  void saysEverythingThatWasWrongWhenNoAnswerStands() {
    FaultyProvider provider = provider(Answer.text("bad"), Answer.text("worse"), Answer.text("no"));
    LlmClient client = client(provider);

    ValidationExhausted failure =
        failureOf(client, HELLO.checkedBy(says("good")), ValidationExhausted.class);

    assertThat(failure.failed())
        .extracting(one -> one.answer().text())
        .containsExactly("bad", "worse", "no");
    assertThat(failure.report().spent().attempts()).isEqualTo(3);
    assertThat(failure.report().spent().corrections()).isEqualTo(2);
    assertThat(failure.report().spent().retries()).isZero();
    assertThat(client.route("smart").endpoints().getFirst().breaker().snapshot().failureCount())
        .isZero();
  }

  @Test
  void stopsWhenTheModelRepeatsItself() {
    FaultyProvider provider = provider(Answer.text("bad"));

    NoProgress failure =
        failureOf(client(provider), HELLO.checkedBy(says("good")), NoProgress.class);

    assertThat(failure.failed()).hasSize(2);
    assertThat(provider.requestCount()).isEqualTo(2);
  }

  private static LlmEndpoint anthropic(FaultyProvider provider) {
    return LlmEndpoint.of("claude", "model")
        .backend(
            new Backend.Http(
                Anthropic.messages(), provider.uri(""), Secret.of(CANARY), Headers.NONE))
        .build();
  }

  @Test
  void theToolReachesExactlyTheRequestThatNamesItAndNoneBefore() {
    FaultyProvider provider = provider(Answer.text("bad"));
    CorrectionPolicy policy =
        CorrectionPolicy.builder().maxAttempts(5).toolAfter(2, SEARCH).humanAfter(4).build();

    HumanReviewNeeded failure =
        failureOf(client(anthropic(provider)), checked(policy), HumanReviewNeeded.class);

    assertThat(provider.requests())
        .extracting(request -> request.at("/mcp_servers/0/name").orElse("none"))
        .containsExactly("none", "none", "search", "search");
    assertThat(provider.requests())
        .extracting(request -> request.lastUserText().contains("USE THIS TOOL NOW: search"))
        .containsExactly(false, false, true, true);
    assertThat(failure.context().attemptsMade()).isEqualTo(4);
    assertThat(failure.context().lastAttemptIndex()).isEqualTo(3);
    assertThat(failure.context().failed()).hasSize(4);
    assertThat(failure.context().request().mcpServers()).isEmpty();
    assertThat(failure.context().response().text()).isEqualTo("bad");
  }

  @Test
  void asksAnotherModelAfterSoManyFailures() throws Exception {
    FaultyProvider small = provider(Answer.text("bad"));
    FaultyProvider big = provider(Answer.text("good"));
    LlmClient client =
        opened(
            LlmClient.builder()
                .route("smart", openAi("small", small))
                .route("smarter", openAi("big", big))
                .build());

    LlmResult result =
        client.call(checked(CorrectionPolicy.builder().modelAfter(2, "smarter").build()));

    assertThat(result.endpoint()).isEqualTo("big/model-big");
    assertThat(small.requestCount()).isEqualTo(2);
  }

  @Test
  void aCheckMayAskForAPersonAtOnce() {
    FaultyProvider provider = provider(Answer.text("bad"));

    HumanReviewNeeded failure =
        failureOf(
            client(provider),
            HELLO.checkedBy(OnFail.HUMAN.when(says("good"))),
            HumanReviewNeeded.class);

    assertThat(failure.context().attemptsMade()).isEqualTo(1);
  }

  @Test
  void aCheckThatIsBrokenIsNotTheModelsFault() {
    FaultyProvider provider = provider(Answer.text("bad"));
    Validator broken =
        new Validator() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public Finding check(dev.belay.llm.check.Answer answer, CheckContext context) {
            throw new IllegalStateException("out of order");
          }
        };

    ValidationExhausted failure =
        failureOf(client(provider), HELLO.checkedBy(broken), ValidationExhausted.class);

    assertThat(failure).hasMessageContaining("broken").hasMessageContaining("out of order");
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void givesACutAnswerMoreRoomOnceAndDoesNotCallItBad() throws Exception {
    FaultyProvider provider =
        provider(Answer.text("{\"a\": ").finish(Finish.LENGTH).usage(5, 100), Answer.text("good"));
    LlmRequest request = LlmRequest.of("smart", "hello").toBuilder().maxTokens(100).build();

    LlmResult result = client(provider).call(LlmCall.of(request).checkedBy(says("good")));

    assertThat(result.text()).isEqualTo("good");
    assertThat(provider.requests().getLast().body()).contains("200");
    assertThat(provider.requests().getLast().messages()).hasSize(1);
  }

  @Test
  void saysThatAnAnswerIsCutWhenMoreRoomDidNotHelp() {
    FaultyProvider provider = provider(Answer.text("{\"a\": ").finish(Finish.LENGTH));
    LlmRequest request =
        LlmRequest.of("smart", "hello").toBuilder().format(new ResponseFormat.JsonObject()).build();

    AnswerTruncated failure =
        failureOf(client(provider), LlmCall.of(request), AnswerTruncated.class);

    assertThat(failure.response().text()).isEqualTo("{\"a\": ");
    assertThat(provider.requestCount()).isEqualTo(2);
  }

  @Test
  void takesACutTextIfAnyTextWillDo() throws Exception {
    FaultyProvider provider = provider(Answer.text("once upon a").finish(Finish.LENGTH));

    LlmResult result = client(provider).call(HELLO);

    assertThat(result.text()).isEqualTo("once upon a");
    assertThat(result.warnings())
        .singleElement()
        .extracting(Problem::validator)
        .isEqualTo("finish");
  }

  @Test
  void aRefusalIsNoBadAnswer() {
    FaultyProvider provider = provider(Answer.refusal("I would rather not"));

    ContentBlocked failure =
        failureOf(client(provider), HELLO.checkedBy(says("good")), ContentBlocked.class);

    assertThat(failure).hasMessageContaining("I would rather not");
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void retriesAndCorrectionsAreCountedApart() throws Exception {
    FaultyProvider provider =
        provider(
            Fault.rateLimited(Duration.ofMillis(10)),
            Answer.text("bad"),
            Fault.rateLimited(Duration.ofMillis(10)),
            Answer.text("good"));

    LlmResult result =
        client(provider)
            .call(
                HELLO
                    .checkedBy(says("good"))
                    .within(BudgetLimits.NONE.withRetries(2).withCorrections(1)));

    assertThat(result.attempts()).isEqualTo(4);
    assertThat(result.report().spent().retries()).isEqualTo(2);
    assertThat(result.corrections()).isEqualTo(1);
  }

  @Test
  void sendsNothingThatDoesNotFitTheBudget() {
    FaultyProvider provider = provider(Answer.text("good"));
    LlmCall dear =
        LlmCall.of(LlmRequest.of("smart", "hello").toBuilder().maxTokens(5_000).build())
            .within(BudgetLimits.NONE.withTokens(1_000));

    BudgetExceeded failure = failureOf(client(provider), dear, BudgetExceeded.class);

    assertThat(failure.shortage().what()).isEqualTo(Shortage.What.TOKENS);
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void stopsCorrectingWhenTheBudgetIsUsed() {
    FaultyProvider provider = provider(Answer.text("bad"), Answer.text("worse"));

    BudgetExceeded failure =
        failureOf(
            client(provider),
            HELLO.checkedBy(says("good")).within(BudgetLimits.NONE.withCorrections(0)),
            BudgetExceeded.class);

    assertThat(failure.shortage().what()).isEqualTo(Shortage.What.CORRECTIONS);
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void oneRetryMoreThanThereAreIsRefused() {
    FaultyProvider provider = provider(Fault.rateLimited(Duration.ofMillis(10)));

    BudgetExceeded failure =
        failureOf(
            client(provider), HELLO.within(BudgetLimits.NONE.withRetries(2)), BudgetExceeded.class);

    assertThat(failure.shortage().what()).isEqualTo(Shortage.What.RETRIES);
    assertThat(provider.requestCount()).isEqualTo(3);
  }

  @Test
  void theKeyIsNeverShown() {
    FaultyProvider provider =
        provider(Fault.of(Trouble.AUTH).message("Incorrect API key provided: " + CANARY));
    LlmClient client = client(provider);

    ProviderFailed failure = failureOf(client, HELLO, ProviderFailed.class);

    assertThat(failure.error().kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(failure.error().toString()).doesNotContain(CANARY).contains("***");
    assertThat(failure.report().toString()).doesNotContain(CANARY);
    assertThat(client.routes().toString()).doesNotContain(CANARY);
  }

  @Test
  void cancellingEndsTheRequest() throws Exception {
    FaultyProvider provider = provider(Answer.hang());
    CompletableFuture<LlmResult> call = client(provider).callAsync(HELLO);
    assertThat(provider.awaitRequests(1, LONG)).isTrue();

    call.cancel(true);

    assertThatThrownBy(call::get).isInstanceOf(CancellationException.class);
    long end = System.nanoTime() + LONG.toNanos();
    while (provider.underWay() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(provider.underWay()).isZero();
  }

  @Test
  void interruptingEndsAWait() throws Exception {
    FaultyProvider provider = provider(Fault.rateLimited(Duration.ofSeconds(50)));
    LlmClient client = client(provider);
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.call(HELLO);
              } catch (Throwable thrown) {
                outcome.set(thrown);
              }
            });
    assertThat(provider.awaitRequests(1, LONG)).isTrue();
    while (client.route("smart").closedFor().isZero()) {
      Thread.onSpinWait();
    }

    caller.interrupt();

    assertThat(caller.join(LONG)).isTrue();
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
  }

  private static StreamSink into(List<StreamEvent> events) {
    return event -> {
      events.add(event);
      return StreamSink.READY;
    };
  }

  private static String text(List<StreamEvent> events) {
    StringBuilder all = new StringBuilder();
    for (StreamEvent event : events) {
      if (event instanceof StreamEvent.Text more) {
        all.append(more.delta());
      }
    }
    return all.toString();
  }

  @Test
  void streamsFromTheNextProviderIfTheFirstFailsBeforeItsFirstWord() throws Exception {
    FaultyProvider broken = provider(Fault.overloaded());
    FaultyProvider whole = provider(Answer.text("a good answer").chunks(3, Duration.ZERO));
    List<StreamEvent> events = new CopyOnWriteArrayList<>();

    LlmResult result =
        client(openAi("broken", broken), openAi("whole", whole)).stream(HELLO, into(events))
            .get(30, TimeUnit.SECONDS);

    assertThat(text(events)).isEqualTo("a good answer");
    assertThat(events.getLast()).isInstanceOf(StreamEvent.End.class);
    assertThat(result.endpoint()).isEqualTo("whole/model-whole");
  }

  @Test
  void aStreamThatIsCutHasNoEndAndIsNotBegunAnew() {
    FaultyProvider cut =
        provider(Answer.text("a good answer that is long").chunks(3, Duration.ZERO).resetAfter(4));
    FaultyProvider whole = provider(Answer.text("another"));
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<LlmResult> stream =
        client(openAi("cut", cut), openAi("whole", whole)).stream(HELLO, into(events));

    assertThatThrownBy(() -> stream.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ProviderFailed.class);

    assertThat(text(events)).isNotEmpty();
    assertThat(events).noneMatch(StreamEvent.End.class::isInstance);
    assertThat(whole.requestCount()).isZero();
  }

  @Test
  void aCheckedStreamShowsNothingThatDoesNotStand() throws Exception {
    FaultyProvider provider = provider(Answer.text("bad"), Answer.text("good"));
    List<StreamEvent> events = new CopyOnWriteArrayList<>();

    client(provider).stream(HELLO.checkedBy(says("good")), into(events)).get(30, TimeUnit.SECONDS);

    assertThat(text(events)).isEqualTo("good");
    assertThat(events.getLast()).isInstanceOf(StreamEvent.End.class);
  }

  @Test
  void theWholeHistoryIsSentIfAskedFor() {
    FaultyProvider provider = provider(Answer.text("1"), Answer.text("2"), Answer.text("3"));
    CorrectionPolicy policy = CorrectionPolicy.builder().history(HistoryPolicy.APPEND_ALL).build();

    failureOf(client(provider), checked(policy), ValidationExhausted.class);

    assertThat(provider.requests().getLast().messages())
        .extracting(Message::role)
        .containsExactly("user", "assistant", "user", "assistant", "user");
  }

  @Test
  void judgesAskOnTheBudgetOfTheCallTheyJudge() {
    FaultyProvider provider = provider(Answer.text("good"), Answer.text("yes"));
    LlmClient client = client(provider);
    Validator judged =
        new Validator() {
          @Override
          public String name() {
            return "judged";
          }

          @Override
          public Finding check(dev.belay.llm.check.Answer answer, CheckContext context)
              throws InterruptedException {
            String verdict =
                client.judge().ask(LlmRequest.of("smart", "is it good?"), context.deeper());
            return verdict.equals("no")
                ? Finding.valid(answer)
                : Finding.invalid(Problem.of("judged", "no"));
          }
        };

    BudgetExceeded failure =
        failureOf(
            client,
            HELLO.checkedBy(judged).within(BudgetLimits.NONE.withAttempts(2)),
            BudgetExceeded.class);

    assertThat(failure.shortage().what()).isEqualTo(Shortage.What.ATTEMPTS);
    assertThat(provider.requestCount()).isEqualTo(2);
  }

  @Test
  void knowsItsRoutesOnly() {
    LlmClient client = client(provider(Answer.text("good")));

    assertThatThrownBy(() -> client.call(LlmCall.of("wise", "hello")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no route 'wise'")
        .hasMessageContaining("smart");
    assertThat(client.route("smart").endpoints()).hasSize(1);
  }
}
