package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmResponse;
import java.time.Duration;

/**
 * What a client is told about how its answer came to be, in headers where there is time for it.
 *
 * @param response the answer
 * @param endpoint the name of who gave it
 * @param attempts at providers, all included
 * @param corrections answers that were asked for again
 * @param waited between attempts, all in all
 */
public record Told(
    LlmResponse response, String endpoint, int attempts, int corrections, Duration waited) {
  /** Rejects null. */
  public Told {
    requireNonNull(response, "response");
    requireNonNull(endpoint, "endpoint");
    requireNonNull(waited, "waited");
  }
}
