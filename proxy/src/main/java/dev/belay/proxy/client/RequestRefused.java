package dev.belay.proxy.client;

import java.io.Serial;
import java.time.Duration;

/** Nothing was sent: the request was refused at once. */
public final class RequestRefused extends ProxyClientException {
  @Serial private static final long serialVersionUID = 1L;

  /** Why a request is refused. */
  public enum Reason {
    /** The pool is empty. */
    NO_PROXIES,
    /** No proxy of the pool takes a request now. */
    ALL_PROXIES_UNAVAILABLE,
    /** None of the proxies can be reached from here: there is no network, or no name is found. */
    NETWORK_UNREACHABLE,
    /** The target keeps failing through several proxies and is left alone for a while. */
    TARGET_FAILING,
    /** The target is on this machine or in a private network, and that is not allowed. */
    TARGET_NOT_ALLOWED,
    /** As many requests are under way as {@link ClientLimits#requests} allows. */
    TOO_MANY_REQUESTS
  }

  private final Reason reason;
  private final Duration retryAfter;

  RequestRefused(Reason reason, String message, Duration retryAfter) {
    super(message, null);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** When it may be worth asking again, zero if that is not known. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
