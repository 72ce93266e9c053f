package dev.belay.llm.transport;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.LlmEndpoint;
import java.util.concurrent.CompletionStage;

/** Takes for each endpoint the transport that reaches it. Safe for any number of threads. */
public final class BackendTransport implements LlmTransport {
  private final LlmTransport http;
  private final LlmTransport cli;

  /**
   * One over two.
   *
   * @param http for providers on the network
   * @param cli for programs
   */
  public BackendTransport(LlmTransport http, LlmTransport cli) {
    this.http = requireNonNull(http, "http");
    this.cli = requireNonNull(cli, "cli");
  }

  private LlmTransport of(LlmEndpoint endpoint) {
    return switch (endpoint.backend()) {
      case Backend.Http network -> http;
      case Backend.Cli program -> cli;
    };
  }

  @Override
  public CompletionStage<LlmResponse> send(LlmEndpoint endpoint, LlmRequest request, Terms terms) {
    return of(endpoint).send(endpoint, request, terms);
  }

  @Override
  public CompletionStage<LlmResponse> stream(
      LlmEndpoint endpoint, LlmRequest request, Terms terms, StreamSink sink) {
    return of(endpoint).stream(endpoint, request, terms, sink);
  }
}
