package dev.belay.llm.call;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.Terms;
import java.util.concurrent.CompletionStage;

/** How the attempts at one request are made: whole, or piece by piece. */
interface Sending {
  CompletionStage<LlmResponse> send(LlmEndpoint endpoint, Terms terms);

  /** Whether the caller has seen a part of the answer, so that it must not be asked for again. */
  boolean hasBegun();
}
