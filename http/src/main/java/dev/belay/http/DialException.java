package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Verdict;
import io.vertx.core.MultiMap;
import java.net.NoRouteToHostException;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel that was not opened. It has no stack trace, and its message names the proxy without its
 * password. Immutable, as long as nobody changes the headers.
 */
public final class DialException extends WireException {
  private static final long serialVersionUID = 1;

  private static final Pattern UNREACHABLE =
      Pattern.compile("(?i)network is (unreachable|down)|no route to host|cannot assign requested");

  /** How far a dial came. */
  public enum Phase {
    /** Finding the proxy's address. */
    RESOLVE_PROXY,
    /** Finding the target's address, for proxies that want one. */
    RESOLVE_TARGET,
    /** Connecting to the proxy. */
    CONNECT,
    /** TLS with the proxy. */
    TLS,
    /** Asking the proxy for the tunnel. */
    HANDSHAKE
  }

  /** On which side of the network a dial failed. */
  public enum Reach {
    /**
     * On ours: the proxy's name was not found, or there is no way to its address. That may still be
     * the proxy's fault, unless all proxies fail so.
     */
    HERE,
    /** On either. */
    UNKNOWN,
    /** Where the proxy is: it was connected to. */
    THERE
  }

  private final Phase phase;
  private final transient Verdict verdict;
  private final int status;
  private final transient MultiMap headers;

  DialException(Phase phase, Verdict verdict, String message, @Nullable Throwable cause) {
    this(phase, verdict, message, cause, 0, MultiMap.caseInsensitiveMultiMap());
  }

  private DialException(
      Phase phase,
      Verdict verdict,
      String message,
      @Nullable Throwable cause,
      int status,
      MultiMap headers) {
    super(message, cause);
    this.phase = requireNonNull(phase, "phase");
    this.verdict = verdict.withNothingSent();
    this.status = status;
    this.headers = headers;
  }

  /** A proxy's answer other than 2xx. */
  static DialException refused(Verdict verdict, String message, int status, MultiMap headers) {
    return new DialException(Phase.HANDSHAKE, verdict, message, null, status, headers);
  }

  /** How far it came. */
  public Phase phase() {
    return phase;
  }

  /** On which side it failed. */
  public Reach reach() {
    return switch (phase) {
      case RESOLVE_PROXY -> Reach.HERE;
      case RESOLVE_TARGET -> Reach.UNKNOWN;
      case CONNECT -> isUnreachable(getCause()) ? Reach.HERE : Reach.UNKNOWN;
      case TLS, HANDSHAKE -> Reach.THERE;
    };
  }

  private static boolean isUnreachable(@Nullable Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      // the native transports and that of Java tell it by different types, in the system's words
      if (one instanceof NoRouteToHostException
          || UNREACHABLE.matcher(String.valueOf(one.getMessage())).find()) {
        return true;
      }
    }
    return false;
  }

  /** What to make of it, and whose fault it was; nothing reached the target. */
  public Verdict verdict() {
    return verdict;
  }

  /** The status of an HTTP proxy's refusal; empty if it did not come to one. */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /** The headers of an HTTP proxy's refusal, at most 100; empty if it did not come to one. */
  public MultiMap headers() {
    return headers;
  }
}
