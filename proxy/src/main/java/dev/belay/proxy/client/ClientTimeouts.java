package dev.belay.proxy.client;

import dev.belay.Check;
import java.time.Duration;

/**
 * How long things may take; each above 0 and at most a day. Immutable.
 *
 * @param connect to have a connection through a proxy, with all handshakes
 * @param attempt for one attempt, where the policy sets no limit of its own
 * @param silence without a byte either way, while a response is read
 * @param keepAlive how long a connection is kept without a request
 */
public record ClientTimeouts(
    Duration connect, Duration attempt, Duration silence, Duration keepAlive) {

  /** 10 s to connect, 60 s for an attempt, 5 min of silence, 15 s kept alive. */
  public static final ClientTimeouts DEFAULT =
      new ClientTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofSeconds(15));

  /** Rejects what is out of range. */
  public ClientTimeouts {
    check("connect", connect);
    check("attempt", attempt);
    check("silence", silence);
    check("keepAlive", keepAlive);
  }

  private static void check(String name, Duration value) {
    Check.that(
        value.isPositive() && value.compareTo(Duration.ofDays(1)) <= 0,
        "%s must be above 0 and at most a day, was %s",
        name,
        value);
  }

  /** The same with another limit to connect. */
  public ClientTimeouts withConnect(Duration limit) {
    return new ClientTimeouts(limit, attempt, silence, keepAlive);
  }

  /** The same with another limit for an attempt. */
  public ClientTimeouts withAttempt(Duration limit) {
    return new ClientTimeouts(connect, limit, silence, keepAlive);
  }

  /** The same with another limit of silence. */
  public ClientTimeouts withSilence(Duration limit) {
    return new ClientTimeouts(connect, attempt, limit, keepAlive);
  }

  /** The same with connections kept for longer or less long. */
  public ClientTimeouts withKeepAlive(Duration limit) {
    return new ClientTimeouts(connect, attempt, silence, limit);
  }
}
