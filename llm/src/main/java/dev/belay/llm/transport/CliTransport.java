package dev.belay.llm.transport;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.llm.LlmException;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.CliInput;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.WriteOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks a program: one process for each attempt, which never outlives it. {@link Limits#connect}
 * does not apply, since a program is reached at once. Safe for any number of threads.
 */
public final class CliTransport implements LlmTransport {
  private final Time time;
  private final ErrorReader errors;
  private final WriteOptions options;

  /**
   * One that starts programs.
   *
   * @param errors judges what they say instead of an answer
   * @param options variables and MCP servers; whether to stream is decided by the call
   */
  public CliTransport(Time time, ErrorReader errors, WriteOptions options) {
    this.time = requireNonNull(time, "time");
    this.errors = requireNonNull(errors, "errors");
    this.options = requireNonNull(options, "options");
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
    if (!(endpoint.backend() instanceof Backend.Cli cli)) {
      throw new IllegalArgumentException("%s is not a program".formatted(endpoint.name()));
    }
    CliInput input;
    try {
      LlmRequest toModel = request.toBuilder().model(endpoint.model()).build();
      input = CliInput.of(toModel, cli, options);
    } catch (LlmException unsendable) {
      return CompletableFuture.failedFuture(unsendable);
    }
    CliCall call = new CliCall(endpoint, cli, input, sink, terms);
    return call.start(time, errors);
  }
}
