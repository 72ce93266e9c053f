package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The providers' own clients, as they come, with their own retries off. */
@Timeout(300)
class OfficialClientsTest {
  private ClientsWorld world;

  @BeforeEach
  void start() throws Exception {
    world = ClientsWorld.start();
  }

  @AfterEach
  void stop() throws Exception {
    world.stop();
  }

  @Test
  void ofOpenAiWorkUnchanged() throws Exception {
    JsonNode seen = NodeClients.run("openai.mjs", world.gateway(), ClientsWorld.KEY);

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
    JsonNode seen = NodeClients.run("anthropic.mjs", world.gateway(), ClientsWorld.KEY);

    assertThat(seen.get("message").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("stop").stringValue()).isEqualTo("end_turn");
    assertThat(seen.get("stream").stringValue()).isEqualTo("hello there");
    assertThat(seen.get("tool").stringValue()).isEqualTo("look");
    assertThat(seen.get("claude-limited").stringValue()).isEqualTo("RateLimitError 429");
    assertThat(seen.get("nosuch").stringValue()).isEqualTo("NotFoundError 404");
    assertThat(seen.get("claude-broken").stringValue()).isNotEqualTo("no error");
  }
}
