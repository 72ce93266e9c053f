package dev.belay.llm.transport;

import dev.belay.Deadline;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.provider.LlmEndpoint;
import java.util.concurrent.CompletionStage;

/**
 * Makes one attempt at one endpoint: never tries again. Ends in time by itself. Stages fail with
 * {@link dev.belay.llm.ProviderException}, and with {@link dev.belay.llm.LlmException} if the
 * request cannot be sent at all; cancelling one (through {@link
 * CompletionStage#toCompletableFuture}) closes the request at once. Safe for any number of threads.
 */
public interface LlmTransport {

  /** Asks for the answer in one piece. The endpoint's model takes the place of the request's. */
  CompletionStage<LlmResponse> send(LlmEndpoint endpoint, LlmRequest request, Terms terms);

  /**
   * Asks for the answer piece by piece; the stage gives the whole of it in the end. An answer that
   * is cut fails it, whatever the sink has had by then.
   */
  CompletionStage<LlmResponse> stream(
      LlmEndpoint endpoint, LlmRequest request, Terms terms, StreamSink sink);

  /** Asks for the answer in one piece. */
  default CompletionStage<LlmResponse> send(
      LlmEndpoint endpoint, LlmRequest request, Limits limits, Deadline deadline) {
    return send(endpoint, request, new Terms(limits, deadline, ""));
  }

  /** Asks for the answer piece by piece. */
  default CompletionStage<LlmResponse> stream(
      LlmEndpoint endpoint, LlmRequest request, Limits limits, Deadline deadline, StreamSink sink) {
    return stream(endpoint, request, new Terms(limits, deadline, ""), sink);
  }
}
