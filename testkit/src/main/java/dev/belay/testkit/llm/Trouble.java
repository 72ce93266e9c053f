package dev.belay.testkit.llm;

/** The kinds of errors that providers tell; each dialect has a status and words for each. */
public enum Trouble {
  /** Too many requests or tokens in a short time: 429. */
  RATE_LIMIT(429),
  /** Too steep a rise of the rate: 429, or 503 with {@code slow_down} at OpenAI. */
  SLOW_DOWN(429),
  /** A quota of the account is used up: 429, or 400 at Anthropic. */
  QUOTA(429),
  /** The account's money is used up: 429, or 400 at Anthropic. */
  CREDIT(429),
  /** No capacity: 503, or 529 at Anthropic. */
  OVERLOADED(503),
  /** The provider failed: 500. */
  SERVER_ERROR(500),
  /** 502. */
  BAD_GATEWAY(502),
  /** 503. */
  UNAVAILABLE(503),
  /** 504. */
  GATEWAY_TIMEOUT(504),
  /** 408. */
  REQUEST_TIMEOUT(408),
  /** 409. */
  CONFLICT(409),
  /** No key or a wrong one: 401, at Gemini 400. */
  AUTH(401),
  /** A key without the right: 403. */
  FORBIDDEN(403),
  /** No such model: 404. */
  NOT_FOUND(404),
  /** Another method than POST: 405. */
  METHOD(405),
  /** A request that makes no sense: 400. */
  INVALID(400),
  /** The same with 422. */
  UNPROCESSABLE(422),
  /** A body over the limit: 413. */
  TOO_LARGE(413),
  /** A prompt over the limit of the model: 400. */
  CONTEXT_OVERFLOW(400),
  /** A prompt that a filter refuses: 400. */
  CONTENT_FILTER(400);

  /** The status where a dialect has no other for it. */
  final int status;

  Trouble(int status) {
    this.status = status;
  }

  /** The trouble that a bare status stands for. */
  static Trouble of(int status) {
    return switch (status) {
      case 401 -> AUTH;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD;
      case 408 -> REQUEST_TIMEOUT;
      case 409 -> CONFLICT;
      case 413 -> TOO_LARGE;
      case 422 -> UNPROCESSABLE;
      case 429 -> RATE_LIMIT;
      case 502 -> BAD_GATEWAY;
      case 503 -> UNAVAILABLE;
      case 504 -> GATEWAY_TIMEOUT;
      case 529 -> OVERLOADED;
      default -> status < 500 ? INVALID : SERVER_ERROR;
    };
  }
}
