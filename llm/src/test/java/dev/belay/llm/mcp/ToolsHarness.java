package dev.belay.llm.mcp;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmClientBuilder;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Prices;
import dev.belay.llm.provider.Secret;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.mcp.FaultyMcpServer;
import dev.belay.testkit.mcp.FaultyTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** A model, servers of tools, and a client between them; closes what it has opened. */
class ToolsHarness {
  static final Duration LONG = Duration.ofSeconds(30);
  static final ToolSettings QUICK = ToolSettings.DEFAULT.withGrace(Duration.ofMillis(300));

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  FaultyProvider model(Answer first, Answer... rest) {
    return opened(
        FaultyProvider.start(Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(first, rest)));
  }

  static LlmEndpoint endpoint(FaultyProvider provider, Dialect dialect, String path) {
    return LlmEndpoint.of("one", "model-one")
        .backend(new Backend.Http(dialect, provider.uri(path), Secret.of("sk-test"), Headers.NONE))
        .prices(new Prices(1, 2, 1))
        .build();
  }

  static LlmEndpoint chat(FaultyProvider provider) {
    return endpoint(provider, OpenAiChat.openAi(), "/v1");
  }

  LlmClient client(FaultyProvider model) {
    return client(chat(model), QUICK);
  }

  LlmClient client(LlmEndpoint endpoint, ToolSettings settings) {
    return built(LlmClient.builder().route("smart", endpoint).runTools(settings));
  }

  LlmClient built(LlmClientBuilder builder) {
    return opened(builder.build());
  }

  static McpServer program(String name, FaultyTool... tools) {
    return program(name, Set.of(), tools);
  }

  static McpServer program(String name, Set<FaultyMcpServer.Manner> manners, FaultyTool... tools) {
    List<String> command = FaultyMcpServer.command(manners, tools);
    return new McpServer.Stdio(
        name, command.getFirst(), command.subList(1, command.size()), Map.of());
  }

  McpServer remote(String name, FaultyTool... tools) {
    return remote(name, opened(FaultyMcpServer.start(tools)));
  }

  static McpServer remote(String name, FaultyMcpServer server) {
    return new McpServer.Remote(name, "http", server.uri().toString(), Map.of(), List.of());
  }

  static LlmCall asking(McpServer... servers) {
    return LlmCall.of(request(servers).build());
  }

  static LlmRequest.Builder request(McpServer... servers) {
    return LlmRequest.to("smart")
        .messages(List.of(Message.user("Will it rain?")))
        .mcpServers(List.of(servers));
  }
}
