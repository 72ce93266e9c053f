package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.StreamSink;
import dev.belay.server.config.BelayConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Real providers, with a real key, for a few dozen tokens each. Off unless asked for by {@code
 * -Dlive}: they cost money and are not on loopback. {@code OPENAI_MODEL}, {@code OPENAI_BASE_URL}
 * and so on choose another model or another host.
 */
@Timeout(180)
@EnabledIfSystemProperty(
    named = "live",
    matches = ".*",
    disabledReason =
        "asks real providers; run with OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY set and"
            + " -Dlive -Dtest=LiveProvidersTest")
class LiveProvidersTest {
  private static final int MOST_TOKENS = 40;

  /** Whose tests a class inherits. */
  abstract static class Live {
    private final String name;
    private final Dialect dialect;
    private final String url;
    private final String model;

    Live(String name, Dialect dialect, String url, String model) {
      this.name = name;
      this.dialect = dialect;
      this.url = setting("BASE_URL", name, url);
      this.model = setting("MODEL", name, model);
    }

    private static String setting(String what, String name, String otherwise) {
      String value = System.getenv(name + "_" + what);
      return value == null || value.isBlank() ? otherwise : value;
    }

    private String key() {
      return String.valueOf(System.getenv(name + "_API_KEY"));
    }

    private LlmClient client() {
      LlmEndpoint endpoint =
          LlmEndpoint.of("live", model)
              .backend(new Backend.Http(dialect, URI.create(url), Secret.of(key()), Headers.NONE))
              .build();
      return LlmClient.builder().route("smart", endpoint).build();
    }

    private static LlmCall asking(String question) {
      return LlmCall.of(
          LlmRequest.of("smart", question).toBuilder().maxTokens(MOST_TOKENS).build());
    }

    @Test
    void answers() throws Exception {
      try (LlmClient client = client()) {
        LlmResult result = client.call(asking("Say good morning."));

        assertThat(result.text()).isNotBlank();
        assertThat(result.usage().output()).isPositive();
      }
    }

    @Test
    void answersSoThatItHolds() throws Exception {
      var checks =
          Validators.standard()
              .from(
                  Json.parse(
                      """
                      [{"type": "json", "params": {"mode": "fenced"}},
                       {"type": "field_present", "params": {"field_name": "river"}}]
                      """));
      try (LlmClient client = client()) {
        LlmResult result =
            client.call(
                asking("A river in Europe, as JSON of the form {\"river\": name}, nothing else.")
                    .checkedBy(checks));

        assertThat(((Json.Obj) Json.parse(result.text())).members()).containsKey("river");
      }
    }

    @Test
    void streams() throws Exception {
      List<StreamEvent> events = new CopyOnWriteArrayList<>();
      StreamSink sink =
          event -> {
            events.add(event);
            return StreamSink.READY;
          };
      try (LlmClient client = client()) {
        LlmResult result =
            client.stream(asking("Count from one to five in words."), sink)
                .get(2, TimeUnit.MINUTES);

        assertThat(result.text()).isNotBlank();
        assertThat(events.getLast()).isInstanceOf(StreamEvent.End.class);
      }
    }

    @Test
    void answersThroughTheGateway() throws Exception {
      HttpResponse<String> answer = throughTheGateway(false);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"assistant\"");
    }

    @Test
    void streamsThroughTheGateway() throws Exception {
      HttpResponse<String> answer = throughTheGateway(true);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body().strip()).endsWith("data: [DONE]");
    }

    private HttpResponse<String> throughTheGateway(boolean stream) throws Exception {
      BelayServer server =
          BelayServer.start(
              BelayConfig.parse(
                  """
                  control: {port: 0}
                  proxy: {port: 0, socks_port: 0}
                  llm:
                    port: 0
                    providers: {live: {url: "%s", dialect: %s, key: "${KEY}"}}
                    routes: {smart: {targets: [{provider: live, model: "%s"}]}}
                  """
                      .formatted(url, dialectName(), model),
                  "live",
                  Map.of("KEY", key())));
      try (HttpClient client = HttpClient.newHttpClient()) {
        String body =
            """
            {"model": "smart", "stream": %s, "max_tokens": %d,
             "messages": [{"role": "user", "content": "Say good morning."}]}
            """
                .formatted(stream, MOST_TOKENS);
        return client.send(
            HttpRequest.newBuilder(URI.create(server.llm().orElseThrow() + "/v1/chat/completions"))
                .timeout(Duration.ofMinutes(2))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
      } finally {
        server.stop();
      }
    }

    private String dialectName() {
      return dialect.name().equals("openai-chat") ? "openai" : dialect.name();
    }
  }

  @Nested
  @EnabledIfEnvironmentVariable(
      named = "OPENAI_API_KEY",
      matches = ".+",
      disabledReason = "set OPENAI_API_KEY to ask OpenAI")
  class OfOpenAi extends Live {
    OfOpenAi() {
      super("OPENAI", OpenAiChat.openAi(), "https://api.openai.com/v1", "gpt-4.1-nano");
    }
  }

  @Nested
  @EnabledIfEnvironmentVariable(
      named = "ANTHROPIC_API_KEY",
      matches = ".+",
      disabledReason = "set ANTHROPIC_API_KEY to ask Anthropic")
  class OfAnthropic extends Live {
    OfAnthropic() {
      super("ANTHROPIC", Anthropic.messages(), "https://api.anthropic.com", "claude-haiku-4-5");
    }
  }

  @Nested
  @EnabledIfEnvironmentVariable(
      named = "GEMINI_API_KEY",
      matches = ".+",
      disabledReason = "set GEMINI_API_KEY to ask Gemini")
  class OfGemini extends Live {
    OfGemini() {
      super(
          "GEMINI",
          Gemini.generateContent(),
          "https://generativelanguage.googleapis.com/v1beta",
          "gemini-2.5-flash-lite");
    }
  }
}
