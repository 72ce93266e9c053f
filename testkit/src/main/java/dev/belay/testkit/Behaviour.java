package dev.belay.testkit;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a proxy does with one request: a plain HTTP request, a CONNECT, or a SOCKS connection.
 * Immutable. To have connections refused, {@link FaultyProxy#kill} the proxy.
 *
 * <pre>{@code
 * Behaviour.forward()
 * Behaviour.forward().delayed(Duration.ofMillis(200)).limitedTo(50_000).resetAfter(1_000_000)
 * Behaviour.status(Reply.status(503).retryAfterSeconds(2))
 * Behaviour.ban("origin.test")
 * }</pre>
 */
public sealed interface Behaviour permits Forwarding, Misdeed {

  /** Does its work. */
  static Forwarding forward() {
    return Forwarding.PLAIN;
  }

  /** Forwards, but waits before the answer and gives at most that many bytes in a second. */
  static Forwarding slow(Duration delay, long bytesPerSecond) {
    return forward().delayed(delay).limitedTo(bytesPerSecond);
  }

  /** Forwards, then closes after that many bytes towards the client. */
  static Forwarding dropAfter(long bytes) {
    return forward().dropAfter(bytes);
  }

  /** Forwards, but its answer carries that many headers more; SOCKS has none. */
  static Forwarding manyHeaders(int count) {
    return forward().manyHeaders(count);
  }

  /**
   * Answers with that status instead, a 407 asking for Basic; a SOCKS proxy rejects with "general
   * failure".
   */
  static Behaviour status(int status) {
    Response plain = Reply.status(status);
    return status(status == 407 ? plain.header("Proxy-Authenticate", Misdeed.CHALLENGE) : plain);
  }

  /** Answers with the status, headers, body and delay of that response instead. */
  static Behaviour status(Response response) {
    return new Misdeed.Status(response, Misdeed.GENERAL_FAILURE);
  }

  /**
   * Answers with that SOCKS5 reply code, 1 to 8: general failure, not allowed, network unreachable,
   * host unreachable, refused, expired, command or address type not supported. SOCKS4 knows only
   * "rejected"; an HTTP proxy answers 502.
   */
  static Behaviour reject(int code) {
    Check.that(code >= 1 && code <= 8, "a SOCKS reply code is 1 to 8, was %d", code);
    return new Misdeed.Status(Reply.status(502), code);
  }

  /** Forwards, but answers 403 ("not allowed") for these hosts, whatever their port. */
  static Behaviour ban(String... hosts) {
    return new Misdeed.Ban(
        Stream.of(hosts).map(host -> host.toLowerCase(Locale.ROOT)).collect(toUnmodifiableSet()));
  }

  /** Turns the credentials down, right or wrong: 407, or a failed SOCKS authentication. */
  static Behaviour wrongCredentials() {
    return new Misdeed.WrongCredentials();
  }

  /** Reads the request and never answers, until the client or the proxy closes. */
  static Behaviour hang() {
    return new Misdeed.Hang(false);
  }

  /** Hangs on tunnels, forwards plain HTTP requests. */
  static Behaviour neverAnswerConnect() {
    return new Misdeed.Hang(true);
  }

  /**
   * Accepts the connection and says nothing, not even a TLS or SOCKS greeting. Where the script
   * must see a request to decide, and on a connection that is in use, the same as {@link #hang}.
   */
  static Behaviour hangOnAccept() {
    return new Misdeed.AtAccept(false);
  }

  /**
   * Cuts the connection with a TCP reset as soon as it is open. Where the script must see a request
   * to decide, and on a connection that is in use, as soon as the request has been read.
   */
  static Behaviour resetOnAccept() {
    return new Misdeed.AtAccept(true);
  }

  /** Sends these bytes instead of an answer, then closes. */
  static Behaviour garbage(byte[] bytes) {
    return new Misdeed.Garbage(List.of(bytes.clone()));
  }

  /** Sends the beginning of an answer, then closes. */
  static Behaviour halfLine() {
    return new Misdeed.HalfLine();
  }
}
