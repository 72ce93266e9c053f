package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import java.util.Optional;

/**
 * A provider's way of speaking: puts requests on its wire and reads what comes back. Does no I/O.
 * Immutable, safe for any number of threads.
 */
public interface Dialect {

  /** {@code openai-chat}, {@code openai-responses}, {@code anthropic} or {@code gemini}, say. */
  String name();

  /**
   * Puts a request on the wire, without the login.
   *
   * @throws UnsupportedToolStage if an MCP server has no place there and none may be left out
   * @throws MissingVariable if a {@code ${NAME}} has no value
   */
  WireRequest write(LlmRequest request, WriteOptions options);

  /** The headers that log in with this key. */
  Headers login(String key);

  /** Reads a whole answer. */
  Reading read(WireResponse response);

  /**
   * Begins to read a streamed answer.
   *
   * @param headers of the answer
   */
  StreamReader stream(Headers headers);

  /**
   * Whether requests have a place for this server, so that the provider itself asks it.
   *
   * @throws MissingVariable if a {@code ${NAME}} has no value
   */
  default boolean carries(McpServer server, WriteOptions options) {
    return false;
  }

  /** The header by which this provider knows a request it has had before; empty if it has none. */
  default Optional<String> idempotencyHeader() {
    return Optional.empty();
  }
}
