package dev.belay.llm.call;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.LlmTransport;
import dev.belay.llm.transport.Terms;
import java.util.concurrent.CompletionStage;

/** Asks for the answer in one piece. */
record WholeSending(LlmTransport transport, LlmRequest request) implements Sending {

  @Override
  public CompletionStage<LlmResponse> send(LlmEndpoint endpoint, Terms terms) {
    return transport.send(endpoint, request, terms);
  }

  @Override
  public boolean hasBegun() {
    return false;
  }
}
