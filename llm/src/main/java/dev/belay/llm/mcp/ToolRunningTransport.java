package dev.belay.llm.mcp;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.llm.LlmException;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.WriteOptions;
import dev.belay.llm.transport.LlmTransport;
import dev.belay.llm.transport.StreamSink;
import dev.belay.llm.transport.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tools of MCP servers that a provider has no place for, and asks the model again with
 * what they gave back, until it answers. Servers are there for one attempt: started or reached with
 * it, and ended with it, however it ends. Calls of the caller's own tools are left to the caller;
 * where a model asks for both at once, only those are, and it may ask for ours again.
 *
 * <p>In a stream, of a round that ends in tools only the text is shown. The answer is the last
 * round's, with the usage of all. Safe for any number of threads.
 */
public final class ToolRunningTransport implements LlmTransport {
  private final LlmTransport transport;
  private final Opening opening;
  private final Unfinished unfinished = new Unfinished();

  /**
   * One over another.
   *
   * @param transport sends the requests
   * @param options variables of servers' settings; and whether a server that cannot be started or
   *     reached fails the call ({@link ToolServerException}) or is left out
   */
  public ToolRunningTransport(
      LlmTransport transport, ToolSettings settings, WriteOptions options, Time time) {
    this.transport = requireNonNull(transport, "transport");
    this.opening =
        new Opening(
            requireNonNull(settings, "settings"),
            requireNonNull(options, "options"),
            requireNonNull(time, "time"));
  }

  @Override
  public CompletionStage<LlmResponse> send(LlmEndpoint endpoint, LlmRequest request, Terms terms) {
    return ask(endpoint, request, terms, null);
  }

  @Override
  public CompletionStage<LlmResponse> stream(
      LlmEndpoint endpoint, LlmRequest request, Terms terms, StreamSink sink) {
    return ask(endpoint, request, terms, requireNonNull(sink, "sink"));
  }

  private CompletionStage<LlmResponse> ask(
      LlmEndpoint endpoint, LlmRequest request, Terms terms, @Nullable StreamSink sink) {
    Unfinished.State state =
        request.mcpServers().isEmpty()
            ? Unfinished.State.NEW
            : unfinished.take(terms.idempotencyKey());
    List<McpServer> here;
    try {
      here = here(endpoint, request, state);
    } catch (LlmException missing) {
      return CompletableFuture.failedFuture(missing);
    }
    if (here.isEmpty()) {
      return sink == null
          ? transport.send(endpoint, request, terms)
          : transport.stream(endpoint, request, terms, sink);
    }
    List<McpServer> others = new ArrayList<>(request.mcpServers());
    others.removeAll(here);
    LlmRequest rest = request.toBuilder().mcpServers(others).build();
    return new ToolRun(transport, endpoint, rest, terms, sink)
        .start(here, opening, unfinished, state);
  }

  /** Those that can be run here and not there; where a call has begun, it goes on. */
  private List<McpServer> here(LlmEndpoint endpoint, LlmRequest request, Unfinished.State state) {
    if (!(endpoint.backend() instanceof Backend.Http http)) {
      return List.of();
    }
    return request.mcpServers().stream()
        .filter(ToolRunningTransport::canRun)
        .filter(server ->
            state.servers().contains(server.name())
                || !http.dialect().carries(server, opening.options()))
        .toList();
  }

  private static boolean canRun(McpServer server) {
    return switch (server) {
      case McpServer.Stdio program -> true;
      case McpServer.Remote remote -> remote.type().equals("http");
    };
  }
}
