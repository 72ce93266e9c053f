package dev.belay.flow.backend;

import static dev.belay.flow.backend.Agents.call;
import static dev.belay.flow.backend.Agents.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpBackendTest {
  private static final Path HERE = Path.of(".");
  private static final String KEY = "sk-canary-1234";
  private static final String ANSWER =
      "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Grüße\"}}],"
          + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}";

  private static Backend backend(URI url) {
    return Backends.create(
        BackendSettings.of("one", "http").url(url).keyVariable("KEY").model("small").build(),
        Map.of("KEY", KEY),
        Time.system());
  }

  private static AgentException failed(Reply reply) {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(reply))) {
      return Agents.failure(backend(origin.uri("/v1")), call(HERE, "hi"));
    }
  }

  @Test
  void answersWithTextAndSpend() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok(ANSWER)))) {
      AgentReply reply = backend(origin.uri("/v1/")).send(Agents.full(HERE), AgentListener.NONE);

      assertThat(reply.text()).isEqualTo("Grüße");
      assertThat(reply.spend()).isEqualTo(new Spend(0, 7, 2));
      assertThat(reply.session()).isEmpty();
      var request = origin.requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/chat/completions");
      assertThat(request.header("Authorization")).contains("Bearer " + KEY);
      assertThat(request.bodyText())
          .contains("\"model\":\"large\"", "\"content\":\"be brief\"", "\"content\":\"do it\"");
    }
  }

  @Test
  void usesItsOwnModelUnlessACallNamesOne() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok(ANSWER)))) {
      backend(origin.uri("/v1")).send(call(HERE, "hi"), AgentListener.NONE);

      assertThat(origin.requests().getFirst().bodyText()).contains("\"model\":\"small\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_INPUT",
    "401, AUTH",
    "403, AUTH",
    "404, INVALID_INPUT",
    "413, INVALID_INPUT",
    "422, INVALID_INPUT",
    "429, OVERLOADED",
    "500, TRANSIENT",
    "502, TRANSIENT",
    "503, OVERLOADED",
    "529, OVERLOADED"
  })
  void aStatusTellsHowItFailed(int status, OutcomeClass outcome) {
    AgentException failure =
        failed(Reply.status(status).body("{\"error\":{\"message\":\"no, " + KEY + "\"}}"));

    assertThat(failure.outcome()).isEqualTo(outcome);
    assertThat(failure).hasMessage("one answered with status %d: no, ***".formatted(status));
  }

  @Test
  void aShortWaitIsACrowdAndALongOneALimit() {
    AgentException crowd = failed(Reply.status(429).retryAfterSeconds(20));
    AgentException limit = failed(Reply.status(429).retryAfterSeconds(3_600));

    assertThat(crowd.outcome()).isEqualTo(OutcomeClass.OVERLOADED);
    assertThat(limit.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(limit.limit().orElseThrow().until())
        .isBetween(
            Time.system().instant().plusSeconds(3_500), Time.system().instant().plusSeconds(3_601));
  }

  @Test
  void aQuotaThatIsUsedUpIsALimitHoweverShortTheWait() {
    String body = "{\"error\":{\"message\":\"no more\",\"code\":\"insufficient_quota\"}}";

    AgentException failure = failed(Reply.status(429).retryAfterSeconds(20).body(body));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.RATE_LIMITED);
    assertThat(failure.limit()).isPresent();
    assertThat(failed(Reply.status(429).body(body)).limit()).isEmpty();
  }

  @Test
  void aDateIsAWaitAsWell() {
    AgentException failure =
        failed(Reply.status(429).retryAfter(Instant.ofEpochSecond(1_900_000_000)));

    assertThat(failure.limit().orElseThrow().until())
        .isEqualTo(Instant.ofEpochSecond(1_900_000_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "not json", "{}", "[1]", "{\"choices\":[]}", "{\"choices\":{\"0\":7}}"})
  void anAnswerThatCannotBeReadIsTransient(String body) {
    AgentException failure = failed(Reply.ok(body));

    assertThat(failure.outcome()).isEqualTo(OutcomeClass.TRANSIENT);
    assertThat(failure).hasMessageStartingWith("one gave no answer that can be read");
  }

  @Test
  void aRefusalIsAFailureOfTheAgent() {
    assertThat(
            failed(Reply.ok("{\"choices\":[{\"message\":{\"refusal\":\"I will not\"}}]}"))
                .outcome())
        .isEqualTo(OutcomeClass.AGENT_FAILED);
  }

  @Test
  void aConnectionThatBreaksIsTransient() {
    assertThat(failed(Reply.reset()).outcome()).isEqualTo(OutcomeClass.TRANSIENT);
    assertThat(Agents.failure(backend(URI.create("http://127.0.0.1:1/v1")), call(HERE, "hi")))
        .hasMessageStartingWith("one cannot be reached");
  }

  @Test
  void onesThatTakeTooLongAreGivenUp() {
    AgentCall impatient = within(call(HERE, "hi"), Duration.ofMillis(300), Agents.LONG);
    AgentCall restless = within(call(HERE, "hi"), Agents.LONG, Duration.ofMillis(300));
    try (FaultyOrigin silent = FaultyOrigin.start(Script.of(Reply.hang()));
        FaultyOrigin stuck =
            FaultyOrigin.start(Script.of(Reply.ok(ANSWER).bodyDelayed(Duration.ofSeconds(10))))) {
      AgentException late = Agents.failure(backend(silent.uri("/v1")), impatient);
      AgentException idle = Agents.failure(backend(stuck.uri("/v1")), restless);

      assertThat(late.outcome()).isEqualTo(OutcomeClass.TIMEOUT);
      assertThat(late).hasMessage("one took longer than 300 ms and was given up");
      assertThat(idle.outcome()).isEqualTo(OutcomeClass.TIMEOUT);
      assertThat(idle).hasMessage("one gave no sign of life for 300 ms and was given up");
    }
  }

  @Test
  void anInterruptGivesItUpAtOnce() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.hang()))) {
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread sender =
          Thread.ofVirtual()
              .start(() ->
                  end.complete(
                      catchThrowable(() ->
                          backend(origin.uri("/v1")).send(call(HERE, "hi"), AgentListener.NONE))));

      sender.interrupt();

      assertThat(end.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void theKeyIsNowhereToBeSeen() {
    BackendSettings settings =
        BackendSettings.of("one", "http")
            .url(URI.create("http://127.0.0.1:1"))
            .keyVariable("KEY")
            .build();

    assertThat(settings + " " + Backends.create(settings, Map.of("KEY", KEY), Time.system()))
        .isEqualTo("BackendSettings[one, http] one");
  }

  @Test
  void refusesAPlaceThatItCannotUseAndAKeyThatIsNone() {
    assertThatThrownBy(() -> backend(URI.create("ftp://127.0.0.1/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("url must be http://HOST");
    assertThatThrownBy(() -> backend(URI.create("http://user:canary@127.0.0.1/")))
        .message()
        .doesNotContain("canary");
    assertThatThrownBy(() ->
            Backends.create(
                BackendSettings.of("one", "http")
                    .url(URI.create("http://127.0.0.1"))
                    .keyVariable("KEY")
                    .build(),
                Map.of("KEY", "canary with a blank\n"),
                Time.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("canary");
  }

  @Test
  void needsAModel() {
    Backend backend =
        Backends.create(
            BackendSettings.of("one", "http").url(URI.create("http://127.0.0.1:1")).build(),
            Map.of(),
            Time.system());

    assertThat(Agents.failure(backend, call(HERE, "hi")).outcome()).isEqualTo(OutcomeClass.CONFIG);
  }
}
