package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.Terms;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.HintForm;
import dev.belay.testkit.llm.RateLimit;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a provider that speaks the protocols on a socket. */
class FaultyProviderTest {
  private static final LlmRequest HELLO = LlmRequest.of("route", "hello");
  private static final long LIMIT_SECONDS = 120;

  private final HttpTransport transport =
      HttpTransport.builder().connections(64).errors(ErrorTable.builtIn()).build();

  @AfterEach
  void close() {
    transport.close();
  }

  enum Speech {
    CHAT,
    RESPONSES,
    ANTHROPIC,
    GEMINI;

    Dialect dialect() {
      return switch (this) {
        case CHAT -> OpenAiChat.openAi();
        case RESPONSES -> OpenAiResponses.openAi();
        case ANTHROPIC -> Anthropic.messages();
        case GEMINI -> Gemini.generateContent();
      };
    }

    LlmEndpoint at(FaultyProvider provider) {
      String base =
          switch (this) {
            case CHAT, RESPONSES -> "/v1";
            case ANTHROPIC -> "";
            case GEMINI -> "/v1beta";
          };
      return LlmEndpoint.of("test", "model-x")
          .backend(new Backend.Http(dialect(), provider.uri(base), Secret.of("key"), Headers.NONE))
          .build();
    }
  }

  private static LlmResponse get(CompletionStage<LlmResponse> stage)
      throws InterruptedException, TimeoutException {
    try {
      return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new CompletionException(failed.getCause());
    }
  }

  private ProviderError error(FaultyProvider provider, Speech speech) throws Exception {
    try {
      throw new AssertionError(get(transport.send(speech.at(provider), HELLO, Terms.DEFAULT)));
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof ProviderException expected) {
        return expected.error();
      }
      throw failed;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RATE_LIMIT, RATE_LIMIT",
    "SLOW_DOWN, RATE_LIMIT",
    "CREDIT, QUOTA_EXHAUSTED",
    "QUOTA, QUOTA_EXHAUSTED",
    "OVERLOADED, OVERLOADED",
    "SERVER_ERROR, SERVER_ERROR",
    "BAD_GATEWAY, SERVER_ERROR",
    "UNAVAILABLE, OVERLOADED",
    "CONFLICT, CONFLICT",
    "REQUEST_TIMEOUT, CONFLICT",
    "AUTH, AUTH",
    "FORBIDDEN, AUTH",
    "NOT_FOUND, INVALID_REQUEST",
    "INVALID, INVALID_REQUEST",
    "UNPROCESSABLE, INVALID_REQUEST",
    "TOO_LARGE, CONTEXT_OVERFLOW",
    "CONTEXT_OVERFLOW, CONTEXT_OVERFLOW",
  })
  void judgesTheTroublesOfEveryProvider(Trouble trouble, ErrorKind kind) throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Fault.of(trouble))) {
      for (Speech speech : Speech.values()) {
        assertThat(error(provider, speech).kind()).as("%s", speech).isEqualTo(kind);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(HintForm.class)
  void neverReadsAShorterWaitThanWasMeant(HintForm form) throws Exception {
    Duration meant = Duration.ofSeconds(34);
    Fault told = Fault.rateLimited(meant).hintedBy(form);
    try (FaultyProvider provider = FaultyProvider.start(told)) {
      for (Speech speech : Speech.values()) {
        boolean unsaid =
            (form == HintForm.RESETS && speech == Speech.GEMINI)
                || (form == HintForm.RETRY_INFO && speech != Speech.GEMINI);
        ProviderError error = error(provider, speech);
        assertThat(error.kind()).isEqualTo(ErrorKind.RATE_LIMIT);
        if (!unsaid) {
          assertThat(error.hint().after())
              .as("%s by %s", speech, error.hint().source())
              .isBetween(meant, meant.plusSeconds(2));
        }
      }
    }
  }

  @Test
  void believesTheProvidersOwnClock() throws Exception {
    Fault skewed =
        Fault.rateLimited(Duration.ofSeconds(20))
            .hintedBy(HintForm.RETRY_AFTER_DATE)
            .clockSkew(Duration.ofHours(-2));
    try (FaultyProvider provider = FaultyProvider.start(skewed)) {
      assertThat(error(provider, Speech.CHAT).hint().after())
          .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(22));
    }
  }

  /** Acceptance: 256 callers, one 429 with 2 s: no call inside the window, all served. */
  @Test
  void twoHundredAndFiftySixCallersWaitOutOneRefusal() throws Exception {
    Script<dev.belay.testkit.llm.LlmRequest, Answer> once =
        Script.of(Fault.rateLimited(Duration.ofSeconds(2)), Answer.echo());
    try (FaultyProvider provider = FaultyProvider.start(once);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gate gate =
          new Gates(GateRules.DEFAULT, Time.system(), threads)
              .gate(new GateKey("test", "", "model-x", ""));
      ProviderError refused = error(provider, Speech.CHAT);
      gate.close(refused.hint().after(), refused.hint().source());
      List<Future<LlmResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 256; i++) {
        calls.add(threads.submit(() -> call(gate, Speech.CHAT.at(provider))));
      }
      for (Future<LlmResponse> call : calls) {
        assertThat(call.get(LIMIT_SECONDS, TimeUnit.SECONDS).text()).isNotEmpty();
      }

      assertThat(provider.wastedCalls()).isZero();
      assertThat(provider.countOf(200)).isEqualTo(256);
      assertThat(provider.countOf(429)).isEqualTo(1);
    }
  }

  /** A crowd before a limit that stays: all get through, by the gate and the policy together. */
  @Test
  void aCrowdGetsThroughARealLimit() throws Exception {
    RateLimit limit = RateLimit.tokenBucket(40, Duration.ofSeconds(2));
    try (FaultyProvider provider = FaultyProvider.start(limit.over(Script.of(Answer.echo())));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gate gate =
          new Gates(GateRules.DEFAULT, Time.system(), threads)
              .gate(new GateKey("test", "", "model-x", ""));
      List<Future<LlmResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(threads.submit(() -> call(gate, Speech.ANTHROPIC.at(provider))));
      }
      for (Future<LlmResponse> call : calls) {
        assertThat(call.get(LIMIT_SECONDS, TimeUnit.SECONDS).text()).isNotEmpty();
      }

      assertThat(provider.countOf(200)).isEqualTo(100);
    }
  }

  @Test
  void gatesHearOfEachAnswerBeforeItsCallerDoes() throws Exception {
    Script<dev.belay.testkit.llm.LlmRequest, Answer> script =
        Script.of(Answer.echo(), Fault.rateLimited(Duration.ofHours(2)));
    try (FaultyProvider provider = FaultyProvider.start(script);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gates gates = new Gates(GateRules.DEFAULT, Time.system(), threads);
      GateListener listener = new GateListener(gates, () -> DelaySettings.DEFAULT, Time.system());
      LlmEndpoint endpoint = Speech.CHAT.at(provider);
      Gate gate = gates.gate(GateKey.of(DelaySettings.DEFAULT, "test", "", "model-x"));
      try (HttpTransport heard = HttpTransport.builder().heads(listener).build()) {
        get(heard.send(endpoint, HELLO, Terms.DEFAULT));
        assertThat(gate.state().closedFor()).isZero();

        assertThatThrownBy(() -> get(heard.send(endpoint, HELLO, Terms.DEFAULT)))
            .hasCauseInstanceOf(ProviderException.class);
        assertThat(gate.state().closedFor()).isGreaterThan(Duration.ofMinutes(110));
      }
    }
  }

  @Test
  void gatesAreDeafIfHintsDoNotCount() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Fault.rateLimited(Duration.ofHours(2)));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gates gates = new Gates(GateRules.DEFAULT, Time.system(), threads);
      DelaySettings legacy = DelaySettings.of(Preset.LEGACY);
      GateListener listener = new GateListener(gates, () -> legacy, Time.system());
      try (HttpTransport heard = HttpTransport.builder().heads(listener).build()) {
        assertThatThrownBy(() -> get(heard.send(Speech.CHAT.at(provider), HELLO, Terms.DEFAULT)))
            .hasCauseInstanceOf(ProviderException.class);
        assertThat(gates.states()).isEmpty();
      }
    }
  }

  /** What a client does: wait at the gate, send, and by the policy close it and come again. */
  private LlmResponse call(Gate gate, LlmEndpoint endpoint) throws Exception {
    DelayPolicy policy = DelayPolicy.of(DelaySettings.of(Preset.BATCH));
    for (int failure = 0; ; failure++) {
      Admission admission = gate.await(GateEntry.within(Duration.ofMinutes(2)));
      assertThat(admission).isInstanceOf(Admission.Granted.class);
      try {
        return get(transport.send(endpoint, HELLO, Terms.DEFAULT));
      } catch (CompletionException failed) {
        if (!(failed.getCause() instanceof ProviderException expected)) {
          throw failed;
        }
        ProviderError error = expected.error();
        Situation situation =
            new Situation("test", error, failure, Duration.ofMinutes(2), Time.system().instant());
        Decision decision = policy.decide(situation, RandomGenerator.getDefault());
        assertThat(decision).isInstanceOf(Decision.Retry.class);
        gate.refused(error, ((Decision.Retry) decision).after());
        Time.system().sleep(((Decision.Retry) decision).after().toNanos());
      }
    }
  }
}
