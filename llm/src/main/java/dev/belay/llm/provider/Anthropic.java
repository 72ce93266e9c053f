package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Anthropic's messages, below {@code https://api.anthropic.com} or a host that speaks the same. A
 * schema is held by the provider itself if it is strict, and asked for as the arguments of a tool
 * otherwise, which every model can. Immutable, safe for any number of threads.
 */
public final class Anthropic implements Dialect {
  private static final String VERSION = "2023-06-01";
  private static final String MCP_BETA = "mcp-client-2025-04-04";

  private final Login login;

  private Anthropic(Login login) {
    this.login = requireNonNull(login, "login");
  }

  /** As Anthropic itself speaks it. */
  public static Anthropic messages() {
    return new Anthropic(Login.X_API_KEY);
  }

  /** The same with another way to log in. */
  public Anthropic withLogin(Login login) {
    return new Anthropic(login);
  }

  @Override
  public String name() {
    return "anthropic";
  }

  @Override
  public WireRequest write(LlmRequest request, WriteOptions options) {
    List<Json.Obj> servers = new McpServers(name(), request, options).forAnthropic();
    Headers headers = Headers.of("anthropic-version", VERSION);
    if (!servers.isEmpty()) {
      headers = headers.with("anthropic-beta", MCP_BETA);
    }
    return Wiring.post(
        "/v1/messages",
        headers,
        new AnthropicWriter(request, servers, options.stream()).body(),
        options.stream());
  }

  /** Whether the answer is asked for as the arguments of a tool. */
  static boolean answersByTool(LlmRequest request) {
    return request.format() instanceof ResponseFormat.JsonSchema schema && !schema.strict();
  }

  @Override
  public boolean carries(McpServer server, WriteOptions options) {
    return McpServers.fitsAnthropic(server, options);
  }

  @Override
  public Headers login(String key) {
    return login.with(key);
  }

  @Override
  public Reading read(WireResponse response) {
    return AnthropicReader.read(response);
  }

  @Override
  public StreamReader stream(Headers headers) {
    return new AnthropicStream(headers);
  }

  @Override
  public Optional<String> idempotencyHeader() {
    return Optional.of("idempotency-key");
  }
}
