package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;

/**
 * What an origin does with one request: a well-formed {@link Response}, possibly cut, or no
 * response at all. Immutable.
 *
 * <pre>{@code
 * Reply.ok("hello")
 * Reply.status(429).retryAfterSeconds(3).body("slow down")
 * Reply.ok("0123456789").truncatedAfter(4)
 * Reply.reset()
 * }</pre>
 */
public sealed interface Reply permits Response, Oddity {

  /** An empty response with that status, from 100 to 999. */
  static Response status(int status) {
    return Response.of(status);
  }

  /** A 200 with that text as its body. */
  static Response ok(String body) {
    return status(200).body(body);
  }

  /** A 200 whose body is {@link ReceivedRequest#text}. */
  static Reply echo() {
    return new Oddity.Echo();
  }

  /**
   * Agrees to whatever {@code Upgrade} the request asks for (101), then sends every byte back until
   * the peer ends; a request that asks for none gets 426.
   */
  static Reply upgradeEcho() {
    return new Oddity.UpgradeEcho();
  }

  /** Cuts the connection with a TCP reset instead of an answer. */
  static Reply reset() {
    return new Oddity.Reset();
  }

  /** Closes the connection in order, instead of an answer. */
  static Reply disconnect() {
    return raw(new byte[0]);
  }

  /** Keeps the connection and never answers, until the peer or the server closes. */
  static Reply hang() {
    return new Oddity.Hang();
  }

  /** Whatever that program sends, at its own pace. */
  static Reply written(Writing writing) {
    return new Oddity.Written(writing);
  }

  /** Sends these bytes as they are, then closes. */
  static Reply raw(byte[] bytes) {
    return new Oddity.Raw(bytes, false);
  }

  /** Sends this text (ISO 8859-1) as it is, then closes. */
  static Reply raw(String text) {
    return raw(text.getBytes(ISO_8859_1));
  }

  /** Sends {@code HTTP/1.1 20}, then closes. */
  static Reply halfStatusLine() {
    return raw("HTTP/1.1 20");
  }

  /** Sends {@code HTTP/1.1 20}, then hangs until the peer or the server closes. */
  static Reply stuckStatusLine() {
    return new Oddity.Raw("HTTP/1.1 20".getBytes(ISO_8859_1), true);
  }

  /** An empty 200 after that wait; short for {@code status(200).delayed(delay)}. */
  static Response late(Duration delay) {
    return status(200).delayed(delay);
  }
}
