package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Store;
import dev.belay.settings.ConfigException;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import dev.belay.testkit.llm.Trouble;
import dev.belay.testkit.mcp.FaultyMcpServer;
import dev.belay.testkit.mcp.FaultyTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LlmServerTest {
  private static final String CANARY = "sk-canary-of-the-account";

  private final FaultyProvider first = FaultyProvider.start(Answer.text("from the first"));
  private final FaultyProvider second = FaultyProvider.start(Answer.text("from the second"));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    first.close();
    second.close();
    client.shutdownNow();
  }

  private BelayConfig config(String more) {
    return BelayConfig.parse(
        """
        control: {port: 0}
        proxy: {port: 0, socks_port: 0}
        llm:
          port: 0
          providers:
            one: {url: "%s", key: "${KEY}"}
            two: {url: "%s", key: "${KEY}"}
          routes:
            smart: {targets: [{provider: one, model: a}, {provider: two, model: b}]}
        %s
        """
            .formatted(first.uri("/v1"), second.uri("/v1"), more),
        "test",
        Map.of("KEY", CANARY));
  }

  private HttpResponse<String> ask(BelayServer server, String model) throws Exception {
    return ask(server, model, "");
  }

  private HttpResponse<String> ask(BelayServer server, String model, String ticket)
      throws Exception {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}".formatted(model);
    URI uri = URI.create(server.llm().orElseThrow() + "/v1/chat/completions");
    return client.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .header("x-belay-review", ticket)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void standsForSeveralProvidersBehindOneName() throws Exception {
    first.behave(Script.<LlmRequest, Answer>of(Fault.rateLimited(Duration.ofSeconds(20))));
    BelayServer server = BelayServer.start(config(""));
    try {
      HttpResponse<String> answer = ask(server, "smart");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("from the second");
      assertThat(answer.headers().firstValue("x-belay-provider")).hasValue("two/b");
      assertThat(first.requests().getFirst().key()).isEqualTo(CANARY);
    } finally {
      server.stop();
    }
  }

  @Test
  void takesOtherRoutesOverWithoutARestart() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      assertThat(ask(server, "quick").statusCode()).isEqualTo(404);

      server.reload(config("    quick: {targets: [{provider: two, model: b}]}"));

      assertThat(ask(server, "quick").body()).contains("from the second");
    } finally {
      server.stop();
    }
  }

  private HttpResponse<String> askAnthropic(BelayServer server, String model) throws Exception {
    String body =
        "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(model);
    URI uri = URI.create(server.llm().orElseThrow() + "/v1/messages");
    return client.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aClientOfOneProtocolGetsAnswersOfAnother() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      HttpResponse<String> answer = askAnthropic(server, "smart");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"type\":\"message\"", "from the first", "\"stop_reason\":\"end_turn\"");
      assertThat(answer.headers().firstValue("x-belay-provider")).hasValue("one/a");
    } finally {
      server.stop();
    }
  }

  @Test
  void anAnswerThatDoesNotPassIsAskedForAgain() throws Exception {
    second.behave(Answer.texts("no JSON at all", "{\"river\": \"Rhine\"}"));
    BelayServer server =
        BelayServer.start(
            config("    strict: {targets: [{provider: two, model: b}], check: [{type: json}]}"));
    try {
      HttpResponse<String> answer = ask(server, "strict");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("Rhine");
      assertThat(answer.headers().firstValue("x-belay-corrections")).hasValue("1");
      assertThat(second.requests().getLast().messages()).hasSizeGreaterThan(1);
    } finally {
      server.stop();
    }
  }

  @Test
  void anAnswerThatDoesNotPassIsAskedForWithAToolAndThenOfABetterModel() throws Exception {
    first.behave(Answer.texts("no JSON", "none again"));
    second.behave(Answer.texts("{\"river\": \"Rhine\"}"));
    BelayServer server =
        BelayServer.start(
            config(
                """
                    strong: {targets: [{provider: two, model: b}]}
                    weak:
                      targets: [{provider: one, model: a}]
                      check: [{type: json}]
                      correct:
                        max_attempts: 4
                        tool: {after: 1, name: validator, instruction: "Call it first."}
                        model: {after: 2, route: strong}
                        human_after: 3
                      budget: {attempts: 10, dollars: 2}
                """));
    try {
      HttpResponse<String> answer = ask(server, "weak");

      assertThat(answer.body()).contains("Rhine");
      assertThat(answer.headers().firstValue("x-belay-provider")).hasValue("two/b");
      assertThat(first.requests().getFirst().body()).doesNotContain("Call it first.");
      assertThat(first.requests().getLast().body()).contains("validator", "Call it first.");
    } finally {
      server.stop();
    }
  }

  @Test
  void equalRequestsAreAnsweredOnceEvenAfterARestart(@TempDir Path dir) throws Exception {
    BelayConfig config =
        config(
            """
                kept: {targets: [{provider: two, model: b}], cache: true}
            store: {url: "sqlite:%s"}
            """
                .formatted(dir.resolve("belay.db")));
    String from = "";
    for (int start = 0; start < 2; start++) {
      BelayServer server = BelayServer.start(config, Store.opening(config.store()));
      try {
        for (int i = 0; i < 3; i++) {
          HttpResponse<String> answer = ask(server, "kept");
          assertThat(answer.body()).contains("from the second");
          from = answer.headers().firstValue("x-belay-provider").orElse("");
        }
      } finally {
        server.stop();
      }
    }
    assertThat(from).isEqualTo("cache");
    assertThat(second.requestCount()).isEqualTo(1);
  }

  @Test
  void aParkedRequestSurvivesARestart(@TempDir Path dir) throws Exception {
    second.behave(Answer.texts("no JSON"));
    BelayConfig config =
        config(
            """
                careful:
                  targets: [{provider: two, model: b}]
                  check: [{type: json}]
                  correct: {max_attempts: 2, human_after: 2}
            store: {url: "sqlite:%s"}
            """
                .formatted(dir.resolve("belay.db")));
    BelayServer server = BelayServer.start(config, Store.opening(config.store()));
    String ticket;
    try {
      ticket = ask(server, "careful").headers().firstValue("x-belay-review").orElseThrow();
    } finally {
      server.stop();
    }
    server = BelayServer.start(config, Store.opening(config.store()));
    try {
      decide(server, ticket, "{\"type\":\"edit\",\"answer\":\"42\",\"reviewer\":\"ann\"}");

      HttpResponse<String> answer = ask(server, "careful", ticket);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"42\"");
    } finally {
      server.stop();
    }
  }

  private void decide(BelayServer server, String ticket, String decision) throws Exception {
    URI uri = URI.create(server.control() + "/api/v1/reviews/" + ticket + "/decision");
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(decision))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void aToolOfTheRouteIsRunHereWhereTheProviderHasNoPlaceForIt() throws Exception {
    second.behave(
        Script.<LlmRequest, Answer>of(
            Answer.text("no JSON"),
            Answer.toolCall("notes__look", "{}"),
            Answer.text("{\"river\": \"Rhine\"}")));
    try (FaultyMcpServer tools =
        FaultyMcpServer.start(FaultyTool.answering("look", "it is the Rhine"))) {
      BelayServer server =
          BelayServer.start(
              config(
                  """
                      helped:
                        targets: [{provider: two, model: b}]
                        check: [{type: json}]
                        correct: {tool: {after: 1, servers: {notes: {url: "%s"}}}}
                  """
                      .formatted(tools.uri())));
      try {
        HttpResponse<String> answer = ask(server, "helped");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("Rhine");
        assertThat(second.requests().get(0).body()).doesNotContain("notes__look");
        assertThat(second.requests().get(1).body()).contains("notes__look");
        assertThat(second.requests().get(2).body()).contains("it is the Rhine");
      } finally {
        server.stop();
      }
    }
  }

  private static final String BUSY_IS_BUSY =
      """
      lovable_patterns:
        p1_dynamic_retry_delays:
          enabled: true
          errors: [{provider: one, status: 400, kind: %s}]
      """;

  @Test
  void theModelsFileSaysWhatAnErrorMeansAndMayChange(@TempDir Path dir) throws Exception {
    first.behave(Script.<LlmRequest, Answer>of(Fault.of(Trouble.INVALID)));
    Path models = dir.resolve("models.yaml");
    Files.writeString(models, BUSY_IS_BUSY.formatted("invalid_request"));
    BelayServer server =
        BelayServer.start(
            config("    plain: {targets: [{provider: two, model: b}]}\n  models: " + models));
    try {
      assertThat(ask(server, "smart").statusCode()).isEqualTo(400);

      Files.writeString(models, BUSY_IS_BUSY.formatted("overloaded"));
      HttpResponse<String> answer = ask(server, "smart");
      while (answer.statusCode() == 400) { // it is looked at every second
        answer = ask(server, "smart");
      }

      assertThat(answer.body()).contains("from the second");
    } finally {
      server.stop();
    }
  }

  @Test
  void aModelsFileThatCannotBeUsedIsToldOfAtOnce(@TempDir Path dir) throws Exception {
    Path models = dir.resolve("models.yaml");
    Files.writeString(models, BUSY_IS_BUSY.formatted("sleepy"));

    assertThat(problems("llm: {models: \"%s\"}".formatted(models)))
        .contains("llm.models", "models.yaml:4", "sleepy");
    assertThat(problems("llm: {models: nosuch.yaml}")).contains("nosuch.yaml cannot be read");
  }

  @Test
  void anotherKeyIsUsedFromTheNextRequestOn() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      ask(server, "smart");
      BelayConfig other =
          BelayConfig.parse(
              """
              llm:
                providers: {one: {url: "%s", key: sk-the-new-one}}
                routes: {smart: {targets: [{provider: one, model: a}]}}
              """
                  .formatted(first.uri("/v1")),
              "test",
              Map.of());

      server.reload(other);
      ask(server, "smart");

      assertThat(first.requests().getLast().key()).isEqualTo("sk-the-new-one");
    } finally {
      server.stop();
    }
  }

  @Test
  void aHedgeAsksTheNextOneWhenTheFirstIsSlow() throws Exception {
    first.behave(Script.<LlmRequest, Answer>of(Answer.hang()));
    BelayServer server =
        BelayServer.start(
            config(
                """
                    hasty:
                      targets: [{provider: one, model: a}, {provider: two, model: b}]
                      policy: hedged
                policies: {hedged: {hedge: {delay: 50ms}}}
                """));
    try {
      HttpResponse<String> answer = ask(server, "hasty");

      assertThat(answer.body()).contains("from the second");
      assertThat(first.server().awaitIdle(Duration.ofSeconds(10))).isTrue();
    } finally {
      server.stop();
    }
  }

  @Test
  void doesNotListenWithoutRoutes() throws Exception {
    BelayServer server =
        BelayServer.start(
            BelayConfig.parse(
                "control: {port: 0}\nproxy: {port: 0, socks_port: 0}", "test", Map.of()));
    try {
      assertThat(server.llm()).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void sayWhatIsWrongWithItsConfiguration() {
    assertThat(problems("llm: {routes: {a: {targets: [{provider: none, model: m}]}}}"))
        .contains("llm.routes.a.targets[0].provider: must be one of llm.providers");
    assertThat(problems("llm: {providers: {a: {dialect: latin}}}"))
        .contains("llm.providers.a.dialect: must be one of", "needs a url");
    assertThat(problems("llm: {host: 0.0.0.0}")).contains("add llm.keys");
    assertThat(problems("llm: {routes: {a: {policy: nosuch}}}"))
        .contains("there is no such policy", "needs targets");
    assertThat(
            problems(
                """
                llm:
                  reviews: {hold: 2h}
                  routes:
                    a:
                      correct: {max_attempts: 2, human_after: 3, model: {after: 1, route: nosuch}}
                      budget: {tokens: -1}
                    b: {correct: {tool: {after: 3, servers: {s: {args: [x]}}}}}
                """))
        .contains(
            "llm.reviews.hold",
            "human_after must be at most 2, was 3 with max_attempts 2",
            "llm.routes.a.correct.model.route: must be one of llm.routes: ",
            "llm.routes.a.budget.tokens",
            "s: needs either a url or a command",
            "tool_after must be at most 2, was 3 with max_attempts 3");
    assertThat(problems("llm: {keys: {ann: \"\"}}")).contains("must not be empty");
    assertThat(
            problems(
                "llm: {providers: {p: {url: \"http://p/\"}}, routes: {a: {targets: [{provider: p,"
                    + " model: m}], check: [{type: jsno}]}}}"))
        .contains("llm.routes.a.check", "there is no validator 'jsno'");
    assertThat(config("").toString()).doesNotContain(CANARY);
  }

  private static String problems(String yaml) {
    try {
      BelayConfig.parse(yaml, "test", Map.of());
    } catch (ConfigException wrong) {
      return String.valueOf(wrong.getMessage());
    }
    throw new AssertionError("it was to be refused");
  }

  @Test
  void aPortThatIsTakenIsToldAndNothingStaysOpen() throws Exception {
    BelayServer server = BelayServer.start(config(""));
    try {
      int taken = URI.create(server.llm().orElseThrow()).getPort();
      assertThatThrownBy(
              () -> BelayServer.start(config("").withLlmPort(java.util.Optional.of(taken))))
          .hasMessageContaining("llm port " + taken);
    } finally {
      server.stop();
    }
  }
}
