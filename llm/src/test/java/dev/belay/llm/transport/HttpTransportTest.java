package dev.belay.llm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.provider.UnsupportedToolStage;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.Trouble;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpTransportTest {
  private static final String CANARY = "sk-canary-1234567890";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Terms PATIENT = Terms.DEFAULT;
  private static final LlmRequest HELLO = LlmRequest.of("route", "hello");

  private final HttpTransport transport = HttpTransport.builder().connections(8).build();

  enum Speech {
    CHAT("/v1"),
    RESPONSES("/v1"),
    ANTHROPIC(""),
    GEMINI("/v1beta");

    private final String base;

    Speech(String base) {
      this.base = base;
    }

    Dialect dialect() {
      return switch (this) {
        case CHAT -> OpenAiChat.openAi();
        case RESPONSES -> OpenAiResponses.openAi();
        case ANTHROPIC -> Anthropic.messages();
        case GEMINI -> Gemini.generateContent();
      };
    }

    LlmEndpoint at(FaultyProvider provider) {
      return endpoint(dialect(), provider.uri(base));
    }
  }

  private static LlmEndpoint endpoint(Dialect dialect, URI base) {
    return LlmEndpoint.of("test", "model-x")
        .account("main")
        .backend(new Backend.Http(dialect, base, Secret.of(CANARY), Headers.of("x-extra", "1")))
        .build();
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static ProviderError error(CompletionStage<?> stage) {
    try {
      Object answer = get(stage);
      throw new AssertionError("no error but " + answer);
    } catch (ExecutionException failure) {
      assertThat(String.valueOf(failure)).doesNotContain(CANARY);
      if (failure.getCause() instanceof ProviderException told) {
        return told.error();
      }
      throw new AssertionError("no error of a provider but", failure);
    } catch (Exception other) {
      throw new AssertionError("no error of a provider but", other);
    }
  }

  /** Keeps what came. */
  private static final class Kept implements StreamSink {
    private final List<StreamEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Void> next(StreamEvent event) {
      events.add(event);
      return READY;
    }

    String text() {
      StringBuilder all = new StringBuilder();
      events.forEach(event -> {
        if (event instanceof StreamEvent.Text text) {
          all.append(text.delta());
        }
      });
      return all.toString();
    }

    boolean sawTheEnd() {
      return events.stream().anyMatch(StreamEvent.End.class::isInstance);
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksAndIsAnswered(Speech speech) throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("Grüße 😀").usage(12, 3))) {
      LlmResponse answer = get(transport.send(speech.at(provider), HELLO, PATIENT));

      assertThat(answer.text()).isEqualTo("Grüße 😀");
      assertThat(answer.finish()).isEqualTo(Finish.STOP);
      assertThat(answer.usage()).isEqualTo(new Usage(12, 3, 0));
      assertThat(provider.requests().getFirst().key()).isEqualTo(CANARY);
      assertThat(provider.requests().getFirst().model()).isEqualTo("model-x");
      assertThat(provider.requests().getFirst().lastUserText()).isEqualTo("hello");
      assertThat(provider.requests().getFirst().header("x-extra")).contains("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void streamsPieceByPiece(Speech speech) throws Exception {
    String text = "0123456789".repeat(20);
    Kept kept = new Kept();
    try (FaultyProvider provider =
        FaultyProvider.start(Answer.text(text).usage(12, 3).chunks(7, Duration.ZERO))) {
      LlmResponse answer = get(transport.stream(speech.at(provider), HELLO, PATIENT, kept));

      assertThat(answer.text()).isEqualTo(text).isEqualTo(kept.text());
      assertThat(answer.usage()).isEqualTo(new Usage(12, 3, 0));
      assertThat(kept.events.getLast()).isEqualTo(new StreamEvent.End(answer));
      assertThat(kept.events).hasSizeGreaterThan(20);
      assertThat(provider.requests().getFirst().streams()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void toolCallsComeBothWays(Speech speech) throws Exception {
    LlmRequest request =
        HELLO.toBuilder()
            .tools(
                List.of(
                    new dev.belay.llm.Tool(
                        "weather",
                        "tells it",
                        (dev.belay.llm.json.Json.Obj)
                            dev.belay.llm.json.Json.parse(
                                "{\"type\":\"object\",\"properties\":{}}"))))
            .build();
    Kept kept = new Kept();
    try (FaultyProvider provider =
        FaultyProvider.start(Answer.toolCall("weather", "{\"city\":\"Ulm\"}"))) {
      LlmResponse whole = get(transport.send(speech.at(provider), request, PATIENT));
      LlmResponse streamed = get(transport.stream(speech.at(provider), request, PATIENT, kept));

      for (LlmResponse answer : List.of(whole, streamed)) {
        assertThat(answer.finish()).isEqualTo(Finish.TOOL_CALLS);
        assertThat(answer.toolCalls())
            .singleElement()
            .satisfies(call -> {
              assertThat(call.name()).isEqualTo("weather");
              assertThat(call.parsed()).hasToString("{\"city\":\"Ulm\"}");
            });
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCutStreamIsAnErrorAndNeverAnEnd(Speech speech) {
    String text = "0123456789".repeat(20);
    for (var broken :
        List.of(
            Answer.text(text).chunks(5, Duration.ZERO).cutAfter(4),
            Answer.text(text).chunks(5, Duration.ZERO).dropAfter(4),
            Answer.text(text).chunks(5, Duration.ofMillis(5)).resetAfter(4))) {
      Kept kept = new Kept();
      try (FaultyProvider provider = FaultyProvider.start(broken)) {
        ProviderError error = error(transport.stream(speech.at(provider), HELLO, PATIENT, kept));

        assertThat(kept.sawTheEnd()).isFalse();
        assertThat(text).startsWith(kept.text());
        assertThat(error.kind())
            .isEqualTo(kept.text().isEmpty() ? ErrorKind.NETWORK : ErrorKind.STREAM_BROKEN);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatEndsBeforeItsFirstTokenIsANetworkError(Speech speech) {
    Kept kept = new Kept();
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("hello").cutAfter(0))) {
      assertThat(error(transport.stream(speech.at(provider), HELLO, PATIENT, kept)).kind())
          .isEqualTo(ErrorKind.NETWORK);
      assertThat(kept.events).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorInsideAStreamIsTheProvidersError(Speech speech) {
    Kept kept = new Kept();
    try (FaultyProvider provider =
        FaultyProvider.start(
            Answer.text("0123456789".repeat(9))
                .chunks(5, Duration.ZERO)
                .errorAfter(3, Fault.overloaded()))) {
      ProviderError error = error(transport.stream(speech.at(provider), HELLO, PATIENT, kept));

      assertThat(error.kind()).isIn(ErrorKind.OVERLOADED, ErrorKind.SERVER_ERROR);
      assertThat(error.message()).isNotEmpty();
      assertThat(kept.text()).isNotEmpty();
      assertThat(kept.sawTheEnd()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorsAreReadBeforeAStreamToo(Speech speech) {
    try (FaultyProvider provider = FaultyProvider.start(Fault.rateLimited(Duration.ofSeconds(2)))) {
      ProviderError whole = error(transport.send(speech.at(provider), HELLO, PATIENT));
      ProviderError streamed =
          error(transport.stream(speech.at(provider), HELLO, PATIENT, new Kept()));

      assertThat(whole.kind()).isEqualTo(ErrorKind.RATE_LIMIT);
      assertThat(whole.status()).isEqualTo(429);
      assertThat(whole.message()).isNotEmpty();
      assertThat(streamed.kind()).isEqualTo(ErrorKind.RATE_LIMIT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoAnswerIsGarbage(Speech speech) {
    for (Answer odd :
        List.of(
            Answer.text("x").invalidJson(),
            Answer.text("x").truncatedJson(),
            Answer.text("x").emptyBody(),
            Answer.html(200))) {
      try (FaultyProvider provider = FaultyProvider.start(odd)) {
        assertThat(error(transport.send(speech.at(provider), HELLO, PATIENT)).kind())
            .isEqualTo(ErrorKind.GARBAGE);
        Kept kept = new Kept();
        error(transport.stream(speech.at(provider), HELLO, PATIENT, kept));
        assertThat(kept.sawTheEnd()).isFalse();
      }
    }
  }

  @Test
  void aPageOfAGatewayIsAnErrorOfItsStatus() {
    try (FaultyProvider provider = FaultyProvider.start(Answer.html(502))) {
      ProviderError error = error(transport.send(Speech.CHAT.at(provider), HELLO, PATIENT));

      assertThat(error.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
      assertThat(error.message()).contains("502 Error");
    }
  }

  @Test
  void aHostThatTakesNoNoticeOfStreamingIsReadAnyway() throws Exception {
    String body =
        "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"hi\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}";
    Kept kept = new Kept();
    try (FaultyOrigin origin =
        FaultyOrigin.start(Script.of(Reply.ok(body).header("Content-Type", "application/json")))) {
      LlmResponse answer =
          get(
              transport.stream(
                  endpoint(OpenAiChat.compatible(), origin.uri()), HELLO, PATIENT, kept));

      assertThat(kept.events)
          .containsExactly(
              new StreamEvent.Text("hi"),
              new StreamEvent.ToolCall(0, "a", "f", "{}"),
              new StreamEvent.End(answer));
    }
  }

  @Test
  void noConnectionIsANetworkError() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    ProviderError error =
        error(
            transport.send(
                endpoint(OpenAiChat.openAi(), URI.create("http://127.0.0.1:" + port)),
                HELLO,
                PATIENT));

    assertThat(error.kind()).isEqualTo(ErrorKind.NETWORK);
    assertThat(error.status()).isZero();
  }

  @Test
  void aConnectionThatIsCutIsANetworkError() {
    for (Answer cut : List.of(Answer.reset(), Answer.disconnect())) {
      try (FaultyProvider provider = FaultyProvider.start(cut)) {
        assertThat(error(transport.send(Speech.CHAT.at(provider), HELLO, PATIENT)).kind())
            .isEqualTo(ErrorKind.NETWORK);
      }
    }
  }

  @Test
  void limitsAreToldApart() {
    Limits quick = Limits.DEFAULT;
    try (FaultyProvider silent = FaultyProvider.start(Answer.hang());
        FaultyProvider stuck =
            FaultyProvider.start(
                Answer.text("0123456789").chunks(2, Duration.ZERO).silentAfter(2))) {
      LlmEndpoint nothing = Speech.CHAT.at(silent);
      LlmEndpoint little = Speech.CHAT.at(stuck);
      Duration soon = Duration.ofMillis(150);

      assertThat(late(transport.send(nothing, HELLO, PATIENT.withLimits(quick.withTotal(soon)))))
          .isEqualTo("total_timeout");
      assertThat(
              late(
                  transport.stream(
                      nothing, HELLO, PATIENT.withLimits(quick.withFirst(soon)), new Kept())))
          .isEqualTo("first_token_timeout");
      assertThat(
              late(
                  transport.stream(
                      little, HELLO, PATIENT.withLimits(quick.withIdle(soon)), new Kept())))
          .isEqualTo("idle_timeout");
      assertThat(late(transport.send(nothing, HELLO, quick, Deadline.in(soon, Time.system()))))
          .isEqualTo("deadline");
      assertThat(
              late(
                  transport.send(nothing, HELLO, quick, Deadline.in(Duration.ZERO, Time.system()))))
          .isEqualTo("deadline");
    }
  }

  private static String late(CompletionStage<LlmResponse> stage) {
    ProviderError error = error(stage);
    assertThat(error.kind()).isEqualTo(ErrorKind.TIMEOUT);
    return error.code();
  }

  @Test
  void aConnectionThatDoesNotComeAboutIsTooLateToo() throws Exception {
    // a full pool stands for it: there is no address on every machine that swallows connections
    try (HttpTransport narrow = HttpTransport.builder().connections(1).build();
        FaultyProvider silent = FaultyProvider.start(Answer.hang())) {
      LlmEndpoint endpoint = Speech.CHAT.at(silent);
      CompletionStage<LlmResponse> first = narrow.send(endpoint, HELLO, PATIENT);
      assertThat(silent.awaitRequests(1, LONG)).isTrue();

      Limits quick = Limits.DEFAULT.withConnect(Duration.ofMillis(100));
      assertThat(late(narrow.send(endpoint, HELLO, PATIENT.withLimits(quick))))
          .isEqualTo("connect_timeout");
      first.toCompletableFuture().cancel(true);
    }
  }

  @Test
  void cancellingClosesTheRequest() throws Exception {
    try (FaultyProvider silent = FaultyProvider.start(Answer.hang())) {
      CompletableFuture<LlmResponse> call =
          transport.send(Speech.CHAT.at(silent), HELLO, PATIENT).toCompletableFuture();
      assertThat(silent.awaitRequests(1, LONG)).isTrue();

      call.cancel(true);

      assertThatThrownBy(call::join).isInstanceOf(CancellationException.class);
      assertThat(silent.server().awaitIdle(LONG)).isTrue();
    }
  }

  @Test
  void anAnswerBeyondTheLimitIsNotKept() {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("0123456789".repeat(1_000)))) {
      Terms small = PATIENT.withLimits(Limits.DEFAULT.withBody(5_000));

      assertThat(error(transport.send(Speech.CHAT.at(provider), HELLO, small)).message())
          .contains("longer than 5000 bytes");
      assertThat(
              error(
                      transport.stream(
                          Speech.CHAT.at(provider),
                          HELLO,
                          PATIENT.withLimits(Limits.DEFAULT.withEvent(64)),
                          new Kept()))
                  .kind())
          .isEqualTo(ErrorKind.GARBAGE);
    }
  }

  @Test
  void aSlowSinkIsWaitedFor() throws Exception {
    String text = "0123456789".repeat(100);
    AtomicInteger atOnce = new AtomicInteger();
    List<String> heard = new ArrayList<>();
    try (ExecutorService own = Executors.newVirtualThreadPerTaskExecutor();
        FaultyProvider provider =
            FaultyProvider.start(Answer.text(text).chunks(10, Duration.ZERO))) {
      StreamSink slow =
          event -> {
            assertThat(atOnce.incrementAndGet()).isEqualTo(1);
            return CompletableFuture.runAsync(
                () -> {
                  heard.add(event instanceof StreamEvent.Text t ? t.delta() : "");
                  atOnce.decrementAndGet();
                },
                own);
          };
      // our own slowness is not the provider's idleness
      Terms terms = PATIENT.withLimits(Limits.DEFAULT.withIdle(Duration.ofSeconds(10)));
      LlmResponse answer = get(transport.stream(Speech.ANTHROPIC.at(provider), HELLO, terms, slow));

      assertThat(answer.text()).isEqualTo(text).isEqualTo(String.join("", heard));
    }
  }

  @Test
  void aSinkThatRefusesEndsTheCall() throws Exception {
    try (FaultyProvider provider =
        FaultyProvider.start(Answer.text("0123456789").chunks(1, Duration.ofMillis(20)))) {
      CompletionStage<LlmResponse> call =
          transport.stream(
              Speech.CHAT.at(provider),
              HELLO,
              PATIENT,
              event -> {
                throw new IllegalStateException("enough");
              });

      assertThatThrownBy(() -> get(call)).hasRootCauseMessage("enough");
      assertThat(provider.server().awaitIdle(LONG)).isTrue();
    }
  }

  @Test
  void aSinkThatFailsWithAnErrorEndsTheCallAtOnce() throws Exception {
    try (FaultyProvider provider =
        FaultyProvider.start(Answer.text("0123456789").chunks(1, Duration.ofMillis(20)))) {
      CompletionStage<LlmResponse> call =
          transport.stream(
              Speech.CHAT.at(provider),
              HELLO,
              PATIENT,
              event -> {
                throw new AssertionError("broken");
              });

      assertThatThrownBy(() -> get(call)).hasRootCauseMessage("broken");
      assertThat(provider.server().awaitIdle(LONG)).isTrue();
    }
  }

  @Test
  void aTransportThatIsClosedRefusesAtOnce() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("x"))) {
      transport.close();
      CompletionStage<LlmResponse> call = transport.send(Speech.CHAT.at(provider), HELLO, PATIENT);

      assertThatThrownBy(() -> get(call))
          .hasRootCauseMessage("CANCELLED: the transport has been closed");
    }
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("x"))) {
      for (int i = 0; i < 5; i++) {
        get(transport.send(Speech.CHAT.at(provider), HELLO, PATIENT));
        get(transport.stream(Speech.CHAT.at(provider), HELLO, PATIENT, new Kept()));
      }

      assertThat(provider.requestCount()).isEqualTo(10);
      assertThat(provider.server().connectionCount()).isLessThan(10);
    }
  }

  @Test
  void manyCallsShareFewConnections() throws Exception {
    try (FaultyProvider provider =
        FaultyProvider.start(Answer.text("x").firstByteAfter(Duration.ofMillis(5)))) {
      LlmEndpoint endpoint = Speech.CHAT.at(provider);
      List<CompletionStage<LlmResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        calls.add(transport.send(endpoint, HELLO, PATIENT));
      }
      for (CompletionStage<LlmResponse> call : calls) {
        assertThat(get(call).text()).isEqualTo("x");
      }
      assertThat(provider.peakConcurrency()).isLessThanOrEqualTo(8);
    }
  }

  @Test
  void whoCannotEvenWaitIsToldSo() throws Exception {
    try (HttpTransport narrow = HttpTransport.builder().connections(1).build();
        FaultyProvider silent = FaultyProvider.start(Answer.hang())) {
      List<CompletableFuture<LlmResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        calls.add(narrow.send(Speech.CHAT.at(silent), HELLO, PATIENT).toCompletableFuture());
      }
      Object first =
          get(CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new)).handle((v, e) -> e));

      assertThat(first)
          .isInstanceOfSatisfying(
              Throwable.class, e -> assertThat(e).hasMessageContaining("CIRCUIT_OPEN"));
      calls.forEach(call -> call.cancel(true));
    }
  }

  @Test
  void tlsIsVerifiedUnlessTold() throws Exception {
    try (TestCertificate certificate = TestCertificate.generate("provider.test");
        FaultyProvider provider =
            FaultyProvider.builder()
                .tls(certificate)
                .start(Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(Answer.text("safe")));
        HttpTransport trusting = HttpTransport.builder().trust(certificate.trustStore()).build()) {
      LlmEndpoint endpoint = Speech.CHAT.at(provider);

      assertThat(error(transport.send(endpoint, HELLO, PATIENT)).kind())
          .isEqualTo(ErrorKind.NETWORK);
      assertThat(get(trusting.send(endpoint, HELLO, PATIENT)).text()).isEqualTo("safe");
    }
  }

  @Test
  void theKeyOfTheCallGoesAlongWhereItIsKnown() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("x"))) {
      Terms terms = PATIENT.withIdempotencyKey("k-1");
      get(transport.send(Speech.CHAT.at(provider), HELLO, terms));
      get(transport.send(Speech.GEMINI.at(provider), HELLO, terms));

      assertThat(provider.requests().get(0).header("idempotency-key")).contains("k-1");
      assertThat(provider.requests().get(1).header("idempotency-key")).isEmpty();
    }
  }

  @Test
  void aMissingKeyIsAnErrorBeforeAnyCall() {
    LlmEndpoint endpoint =
        LlmEndpoint.of("test", "m")
            .backend(
                new Backend.Http(
                    OpenAiChat.openAi(),
                    URI.create("http://127.0.0.1:1"),
                    Secret.fromEnvironment("BELAY_TEST_NO_SUCH_KEY"),
                    Headers.NONE))
            .build();
    ProviderError error = error(transport.send(endpoint, HELLO, PATIENT));

    assertThat(error.kind()).isEqualTo(ErrorKind.AUTH);
    assertThat(error.message()).contains("BELAY_TEST_NO_SUCH_KEY");
  }

  @Test
  void aKeyWithALineBreakNeverLeaves() {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("x"))) {
      LlmEndpoint endpoint =
          LlmEndpoint.of("test", "m")
              .backend(
                  new Backend.Http(
                      OpenAiChat.openAi(),
                      provider.uri("/v1"),
                      Secret.of(CANARY + "\r\nx: y"),
                      Headers.NONE))
              .build();

      assertThat(error(transport.send(endpoint, HELLO, PATIENT)).kind()).isEqualTo(ErrorKind.AUTH);
      assertThat(provider.requestCount()).isZero();
    }
  }

  @Test
  void serversThatHaveNoPlaceFailTheCallBeforeItIsSent() {
    LlmRequest request =
        HELLO.toBuilder()
            .mcpServers(List.of(new McpServer.Stdio("s", "run", List.of(), Map.of())))
            .build();
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("x"))) {
      assertThatThrownBy(() -> get(transport.send(Speech.CHAT.at(provider), request, PATIENT)))
          .hasCauseInstanceOf(UnsupportedToolStage.class);
      assertThat(provider.requestCount()).isZero();
    }
  }

  @Test
  void theHeadOfEachAnswerIsHeard() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (FaultyProvider provider =
            FaultyProvider.start(
                Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(
                    Fault.of(Trouble.OVERLOADED),
                    Answer.text("x").header("x-ratelimit-remaining-requests", "9")));
        HttpTransport telling =
            HttpTransport.builder()
                .heads((endpoint, status, headers, arrived) ->
                    heard.add(
                        endpoint.name()
                            + " "
                            + status
                            + " "
                            + headers.first("X-RateLimit-Remaining-Requests").orElse("-")))
                .build()) {
      error(telling.send(Speech.CHAT.at(provider), HELLO, PATIENT));
      get(telling.send(Speech.CHAT.at(provider), HELLO, PATIENT));

      assertThat(heard).containsExactly("test/model-x@main 503 -", "test/model-x@main 200 9");
    }
  }

  @Test
  void rawRequestsGoThroughWithOurLogin() throws Exception {
    RawRequest request =
        new RawRequest(
            "POST",
            "/chat/completions",
            new Headers(
                Map.of(
                    "content-type", List.of("application/json"),
                    "authorization", List.of("Bearer sk-client"),
                    "connection", List.of("close, x-hop"),
                    "x-hop", List.of("1"),
                    "x-stays", List.of("1"))),
            "{\"model\":\"model-x\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .getBytes(StandardCharsets.UTF_8));
    try (FaultyProvider provider =
        FaultyProvider.start(Answer.text("0123456789".repeat(5)).chunks(5, Duration.ofMillis(1)))) {
      RawAnswer answer = get(transport.raw(Speech.CHAT.at(provider), request, PATIENT));
      StringBuilder body = new StringBuilder();
      get(
          answer.drainTo(chunk -> {
            body.append(new String(chunk, StandardCharsets.UTF_8));
            return StreamSink.READY;
          }));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers().first("content-type"))
          .hasValueSatisfying(t -> assertThat(t).contains("event-stream"));
      assertThat(answer.headers().first("transfer-encoding")).isEmpty();
      assertThat(body).contains("data: ").contains("[DONE]");
      var seen = provider.requests().getFirst();
      assertThat(seen.key()).isEqualTo(CANARY);
      assertThat(seen.header("x-hop")).isEmpty();
      assertThat(seen.header("x-stays")).contains("1");
      assertThat(request.toString()).doesNotContain("sk-client");
    }
  }

  @Test
  void rawErrorsComeAsTheyAreAndBrokenBodiesAreTold() throws Exception {
    RawRequest request =
        new RawRequest(
            "POST",
            "/chat/completions",
            Headers.of("content-type", "application/json"),
            "{\"model\":\"model-x\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .getBytes(StandardCharsets.UTF_8));
    try (FaultyProvider provider =
        FaultyProvider.start(
            Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(
                Fault.rateLimited(Duration.ofSeconds(1)),
                Answer.text("0123456789").chunks(2, Duration.ZERO).dropAfter(2),
                Answer.text("0123456789").chunks(1, Duration.ofMillis(50))))) {
      RawAnswer refused = get(transport.raw(Speech.CHAT.at(provider), request, PATIENT));
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.headers().first("retry-after")).isPresent();
      get(refused.drainTo(chunk -> StreamSink.READY));

      RawAnswer broken = get(transport.raw(Speech.CHAT.at(provider), request, PATIENT));
      AtomicInteger passed = new AtomicInteger();
      ProviderError cut =
          error(
              broken.drainTo(chunk -> {
                passed.incrementAndGet();
                return StreamSink.READY;
              }));
      assertThat(cut.kind())
          .isEqualTo(passed.get() == 0 ? ErrorKind.NETWORK : ErrorKind.STREAM_BROKEN);

      RawAnswer left = get(transport.raw(Speech.CHAT.at(provider), request, PATIENT));
      CountDownLatch first = new CountDownLatch(1);
      CompletionStage<Void> body =
          left.drainTo(chunk -> {
            first.countDown();
            return StreamSink.READY;
          });
      assertThat(first.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      left.cancel();
      assertThatThrownBy(() -> get(body)).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void aListenerThatFailsEndsTheCallAndLeavesNothingHanging() {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("x"));
        HttpTransport clumsy =
            HttpTransport.builder()
                .heads((endpoint, status, headers, arrived) -> {
                  throw new IllegalStateException("clumsy");
                })
                .build()) {
      assertThatThrownBy(() -> get(clumsy.send(Speech.CHAT.at(provider), HELLO, PATIENT)))
          .hasRootCauseMessage("clumsy");
    }
  }

  @Test
  void aRawAnswerIsDrainedOnce() throws Exception {
    RawRequest request = new RawRequest("GET", "/x", Headers.NONE, new byte[0]);
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("x")))) {
      RawAnswer answer =
          get(transport.raw(endpoint(OpenAiChat.openAi(), origin.uri()), request, PATIENT));
      get(answer.drainTo(chunk -> StreamSink.READY));

      assertThatThrownBy(() -> answer.drainTo(chunk -> StreamSink.READY))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void http2IsSpokenWhereItIsOffered() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    CountDownLatch cancelled = new CountDownLatch(1);
    io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
    try (TestCertificate certificate = TestCertificate.generate("h2.test");
        HttpTransport trusting = HttpTransport.builder().trust(certificate.trustStore()).build()) {
      io.vertx.core.http.HttpServer server =
          vertx
              .createHttpServer(
                  new io.vertx.core.http.HttpServerOptions()
                      .setSsl(true)
                      .setUseAlpn(true)
                      .setKeyCertOptions(
                          io.vertx.core.net.KeyCertOptions.wrap(certificate.keyManager())))
              .requestHandler(request -> {
                seen.add(request.version().name());
                request.response().exceptionHandler(gone -> cancelled.countDown());
                if ("/v1/chat/completions".equals(request.path())) {
                  request
                      .response()
                      .putHeader("content-type", "text/event-stream")
                      .end(
                          "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"two\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
                }
              })
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(LONG.toSeconds(), TimeUnit.SECONDS);
      String origin = "https://127.0.0.1:" + server.actualPort();
      LlmEndpoint good = endpoint(OpenAiChat.openAi(), URI.create(origin + "/v1"));
      LlmEndpoint silent = endpoint(OpenAiChat.openAi(), URI.create(origin + "/silent"));

      assertThat(get(trusting.stream(good, HELLO, PATIENT, new Kept())).text()).isEqualTo("two");
      CompletableFuture<LlmResponse> call =
          trusting.send(silent, HELLO, PATIENT).toCompletableFuture();
      while (seen.size() < 2) {
        Thread.onSpinWait();
      }
      call.cancel(true);
      assertThat(cancelled.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(get(trusting.stream(good, HELLO, PATIENT, new Kept())).text()).isEqualTo("two");
      assertThat(seen).containsOnly("HTTP_2");
    } finally {
      var unused = vertx.close();
    }
  }
}
