package dev.belay.llm.front;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Why a client gets no answer, in no protocol's own form. Holds no secret. Immutable.
 *
 * @param status of HTTP
 * @param code a word for programs
 * @param message for people, with what to do
 * @param field what is wrong with the request; empty if it is not the request
 * @param retryAfter when it may be worth asking again; zero if that is not known
 */
public record GatewayError(
    int status, String code, String message, String field, Duration retryAfter) {
  /** Rejects null. */
  public GatewayError {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    requireNonNull(field, "field");
    requireNonNull(retryAfter, "retryAfter");
  }

  /** One that says nothing on when to come back. */
  public static GatewayError of(int status, String code, String message) {
    return new GatewayError(status, code, message, "", Duration.ZERO);
  }
}
