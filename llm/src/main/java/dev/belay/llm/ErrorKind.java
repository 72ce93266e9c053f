package dev.belay.llm;

import dev.belay.ErrorClass;

/** The ways in which a call to a model can fail, and how {@code core} counts each. */
public enum ErrorKind {
  /** Too many requests or tokens in a short time. */
  RATE_LIMIT(ErrorClass.THROTTLED),
  /** The account's money or long-term allowance is used up. */
  QUOTA_EXHAUSTED(ErrorClass.AUTH),
  /** The provider has no capacity now. */
  OVERLOADED(ErrorClass.THROTTLED),
  /** The provider failed. */
  SERVER_ERROR(ErrorClass.STATUS),
  /** No connection, or it broke before the first token. */
  NETWORK(ErrorClass.CONNECT),
  /** Nothing came in time. */
  TIMEOUT(ErrorClass.TIMEOUT),
  /** Refused because of another request, or too early: 408, 409, 425. */
  CONFLICT(ErrorClass.STATUS),
  /** The stream broke off after its first token. */
  STREAM_BROKEN(ErrorClass.RESET),
  /** The answer is cut at its limit of tokens. */
  TRUNCATED(ErrorClass.INVALID),
  /** The conversation is longer than the model's window. */
  CONTEXT_OVERFLOW(ErrorClass.OTHER),
  /** The key is missing, wrong, or may not. */
  AUTH(ErrorClass.AUTH),
  /** The provider does not understand the request. */
  INVALID_REQUEST(ErrorClass.OTHER),
  /** A filter or the model itself held the answer back. */
  CONTENT_BLOCKED(ErrorClass.OTHER),
  /** The answer came and is not what its checks ask for. */
  BAD_OUTPUT(ErrorClass.INVALID),
  /** The answer is no answer of this protocol. */
  GARBAGE(ErrorClass.PROTOCOL),
  /** Refused on this side: a breaker is open, or a gate is closed for too long. */
  CIRCUIT_OPEN(ErrorClass.REJECTED),
  /** The caller gave up. */
  CANCELLED(ErrorClass.CANCELLED);

  private final ErrorClass errorClass;

  ErrorKind(ErrorClass errorClass) {
    this.errorClass = errorClass;
  }

  /** The class under which breakers and metrics count it. */
  public ErrorClass errorClass() {
    return errorClass;
  }
}
