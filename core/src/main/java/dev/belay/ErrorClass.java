package dev.belay;

/**
 * The closed set of ways in which an attempt can fail. Metrics and rules use these names, never the
 * text of an error, so that their number stays bounded.
 */
public enum ErrorClass {
  /** No error: the attempt succeeded. */
  NONE,
  /** A name did not resolve. */
  DNS,
  /** The connection was refused, unreachable, or not made in time. */
  CONNECT,
  /** The TLS handshake failed, or a certificate did not verify. */
  TLS,
  /** Connected, but the answer did not come in time. */
  TIMEOUT,
  /** The connection broke after something had been sent. */
  RESET,
  /** The answer broke the rules of its protocol. */
  PROTOCOL,
  /** The answer's status says that it failed. */
  STATUS,
  /** Told to come back later: rate limits and overload. */
  THROTTLED,
  /** Credentials are missing, wrong, or used up. */
  AUTH,
  /** Refused on this side before anything was sent: an open breaker, a full limit. */
  REJECTED,
  /** The answer arrived whole and does not satisfy its checks. */
  INVALID,
  /** Cancelled or interrupted by the caller. */
  CANCELLED,
  /** Anything else. */
  OTHER;

  /** Whether nothing can have reached the target, so that even a POST may be sent again. */
  public boolean isBeforeSending() {
    return switch (this) {
      case DNS, CONNECT, TLS, AUTH, REJECTED -> true;
      case NONE, TIMEOUT, RESET, PROTOCOL, STATUS, THROTTLED, INVALID, CANCELLED, OTHER -> false;
    };
  }
}
