package dev.belay.llm.transport;

import dev.belay.Check;
import java.time.Duration;

/**
 * How long each part of an attempt may take, and how much may come back. Immutable. Each time is
 * more than 0 and at most a day.
 *
 * @param connect until the connection stands, TLS included
 * @param first from there until the first token of a stream; an answer in one piece has none, for
 *     it comes when it is complete
 * @param idle between two pieces of the answer
 * @param total for all of it
 * @param body bytes of an answer, 1 or more
 * @param event bytes of one event of a stream, 1 or more
 */
public record Limits(
    Duration connect, Duration first, Duration idle, Duration total, int body, int event) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** 10 s to connect, 2 min to the first token, 1 min between two, 10 min in all; 32 MB, 4 MB. */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          32 << 20,
          4 << 20);

  /** Rejects limits that allow nothing. */
  public Limits {
    check("connect", connect);
    check("first", first);
    check("idle", idle);
    check("total", total);
    Check.that(body >= 1, "body must be at least 1 byte, was %d", body);
    Check.that(event >= 1, "event must be at least 1 byte, was %d", event);
  }

  private static void check(String field, Duration limit) {
    Check.that(
        limit.isPositive() && limit.compareTo(LONGEST) <= 0,
        "%s must be more than 0 and at most a day, was %s",
        field,
        limit);
  }

  /** The same with another time to connect. */
  public Limits withConnect(Duration connect) {
    return new Limits(connect, first, idle, total, body, event);
  }

  /** The same with another time to the first token. */
  public Limits withFirst(Duration first) {
    return new Limits(connect, first, idle, total, body, event);
  }

  /** The same with another time between two pieces. */
  public Limits withIdle(Duration idle) {
    return new Limits(connect, first, idle, total, body, event);
  }

  /** The same with another time in all. */
  public Limits withTotal(Duration total) {
    return new Limits(connect, first, idle, total, body, event);
  }

  /** The same with another size of an answer. */
  public Limits withBody(int bytes) {
    return new Limits(connect, first, idle, total, bytes, event);
  }

  /** The same with another size of an event. */
  public Limits withEvent(int bytes) {
    return new Limits(connect, first, idle, total, body, bytes);
  }
}
