package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The providers' own clients, as they come, with their own retries off. */
@Timeout(300)
class OfficialClientsTest {
  private static final String KEY = "gw-key-of-ann";

  private final FaultyProvider provider =
      FaultyProvider.start(Script.<LlmRequest, Answer>answering(OfficialClientsTest::answer));
  private BelayServer server;

  private static Answer answer(LlmRequest request) {
    return switch (request.model()) {
      case "tools" -> Answer.toolCall("look", "{\"q\":1}");
      case "limited" -> Fault.rateLimited(Duration.ofSeconds(90));
      case "broken" -> Answer.text("one two three four").chunks(4, Duration.ZERO).cutAfter(2);
      default -> Answer.text("hello there");
    };
  }

  @BeforeEach
  void start() throws Exception {
    server =
        BelayServer.start(
            BelayConfig.parse(
                """
                control: {port: 0}
                proxy: {port: 0, socks_port: 0}
                llm:
                  port: 0
                  keys: {ann: %s}
                  providers:
                    chat: {url: "%s", key: provider-key}
                    responses: {url: "%s", key: provider-key, dialect: openai-responses}
                    claude: {url: "%s", key: provider-key, dialect: anthropic}
                  routes:
                    chat: {targets: [{provider: chat, model: m}]}
                    tools: {targets: [{provider: chat, model: tools}]}
                    limited: {targets: [{provider: chat, model: limited}]}
                    broken: {targets: [{provider: chat, model: broken}]}
                    responses: {targets: [{provider: responses, model: m}]}
                    claude: {targets: [{provider: claude, model: m}]}
                    claude-tools: {targets: [{provider: claude, model: tools}]}
                    claude-limited: {targets: [{provider: claude, model: limited}]}
                    claude-broken: {targets: [{provider: claude, model: broken}]}
                """
                    .formatted(KEY, provider.uri("/v1"), provider.uri("/v1"), provider.uri("")),
                "test",
                Map.of()));
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    provider.close();
  }

  @Test
  void ofOpenAiWorkUnchanged() throws Exception {
    JsonNode seen = NodeClients.run("openai.mjs", server.llm().orElseThrow(), KEY);

    assertThat(seen.get("chat").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("usage").booleanValue()).isTrue();
    assertThat(seen.get("stream").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("tool").stringValue()).isEqualTo("look");
    assertThat(seen.get("finish").stringValue()).isEqualTo("tool_calls");
    assertThat(seen.get("response").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("responseStream").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("models").toString()).contains("chat", "claude");
    assertThat(seen.get("limited").stringValue()).isEqualTo("RateLimitError 429");
    assertThat(seen.get("nosuch").stringValue()).isEqualTo("NotFoundError 404");
    assertThat(seen.get("broken").stringValue()).isNotEqualTo("no error");
  }

  @Test
  void ofAnthropicWorkUnchanged() throws Exception {
    JsonNode seen = NodeClients.run("anthropic.mjs", server.llm().orElseThrow(), KEY);

    assertThat(seen.get("message").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("stop").stringValue()).isEqualTo("end_turn");
    assertThat(seen.get("stream").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("tool").stringValue()).isEqualTo("look");
    assertThat(seen.get("claude-limited").stringValue()).isEqualTo("RateLimitError 429");
    assertThat(seen.get("nosuch").stringValue()).isEqualTo("NotFoundError 404");
    assertThat(seen.get("claude-broken").stringValue()).isNotEqualTo("no error");
  }
}
