package dev.belay.server;

import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.time.Duration;
import java.util.Map;

/**
 * A gateway in front of a provider that is well, limited or breaks off, by the name of the model.
 * For one thread.
 */
final class ClientsWorld {
  /** What the gateway wants of its clients. */
  static final String KEY = "gw-key-of-ann";

  private final FaultyProvider provider =
      FaultyProvider.start(Script.<LlmRequest, Answer>answering(ClientsWorld::answer));
  private final BelayServer server;

  private ClientsWorld() throws Exception {
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
                    responses-tools: {targets: [{provider: responses, model: tools}]}
                    responses-broken: {targets: [{provider: responses, model: broken}]}
                    claude: {targets: [{provider: claude, model: m}]}
                    claude-tools: {targets: [{provider: claude, model: tools}]}
                    claude-limited: {targets: [{provider: claude, model: limited}]}
                    claude-broken: {targets: [{provider: claude, model: broken}]}
                """
                    .formatted(KEY, provider.uri("/v1"), provider.uri("/v1"), provider.uri("")),
                "test",
                Map.of()));
  }

  static ClientsWorld start() throws Exception {
    return new ClientsWorld();
  }

  private static Answer answer(LlmRequest request) {
    return switch (request.model()) {
      case "tools" -> Answer.toolCall("look", "{\"q\":1}");
      case "limited" -> Fault.rateLimited(Duration.ofSeconds(90));
      case "broken" -> Answer.text("one two three four").chunks(4, Duration.ZERO).cutAfter(2);
      default -> Answer.text("hello there");
    };
  }

  /** Where the gateway listens, without a slash at the end. */
  String gateway() {
    return server.llm().orElseThrow();
  }

  /** Ends both. */
  void stop() throws Exception {
    server.stop();
    provider.close();
  }
}
