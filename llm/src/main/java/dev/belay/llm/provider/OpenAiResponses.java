package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * OpenAI's responses, below {@code https://api.openai.com/v1} or, with {@link Login#API_KEY}, below
 * Azure's {@code …/openai/v1}. Nothing is stored at the provider unless {@code extra} says so.
 * Knows no stop texts: those of a request are left out. Immutable, safe for any number of threads.
 */
public final class OpenAiResponses implements Dialect {
  private final Login login;

  private OpenAiResponses(Login login) {
    this.login = requireNonNull(login, "login");
  }

  /** As OpenAI itself speaks it. */
  public static OpenAiResponses openAi() {
    return new OpenAiResponses(Login.BEARER);
  }

  /** The same with another way to log in. */
  public OpenAiResponses withLogin(Login login) {
    return new OpenAiResponses(login);
  }

  @Override
  public String name() {
    return "openai-responses";
  }

  @Override
  public WireRequest write(LlmRequest request, WriteOptions options) {
    List<Json.Obj> servers = new McpServers(name(), request, options).forResponses();
    return Wiring.post(
        "/responses",
        Headers.NONE,
        new ResponsesWriter(request, servers, options.stream()).body(),
        options.stream());
  }

  @Override
  public boolean carries(McpServer server, WriteOptions options) {
    return McpServers.fitsResponses(server, options);
  }

  @Override
  public Headers login(String key) {
    return login.with(key);
  }

  @Override
  public Reading read(WireResponse response) {
    return ResponsesReader.read(response);
  }

  @Override
  public StreamReader stream(Headers headers) {
    return new ResponsesStream(headers);
  }

  @Override
  public Optional<String> idempotencyHeader() {
    return Optional.of("idempotency-key");
  }
}
