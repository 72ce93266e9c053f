package dev.belay.http;

/** A client did not come to a SOCKS request that can be served; its connection is closed. */
public final class SocksException extends WireException {
  private static final long serialVersionUID = 1;

  /** Why there is no request. */
  public enum Reason {
    /** It broke the protocol, or asked for more than is allowed. */
    MALFORMED,
    /** It did not log in, or not with the right credentials. */
    LOGIN,
    /** It asked for something else than CONNECT. */
    COMMAND,
    /** It was not done within the limit. */
    TIMEOUT,
    /** It closed or broke the connection. */
    CLOSED
  }

  private final Reason reason;

  SocksException(Reason reason, String message) {
    super(message, null);
    this.reason = reason;
  }

  /** Why there is no request. */
  public Reason reason() {
    return reason;
  }
}
