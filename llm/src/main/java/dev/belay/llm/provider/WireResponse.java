package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

/**
 * A whole answer as it came. Immutable; prints neither values of headers nor the body.
 *
 * @param status of HTTP
 * @param headers all of them
 * @param body the text, read as UTF-8
 */
public record WireResponse(int status, Headers headers, String body) {
  /** Rejects null. */
  public WireResponse {
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
  }

  @Override
  public String toString() {
    return "WireResponse[%d, %s, %d characters]".formatted(status, headers, body.length());
  }
}
