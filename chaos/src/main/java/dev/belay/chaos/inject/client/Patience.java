package dev.belay.chaos.inject.client;

import dev.belay.Check;
import java.time.Duration;

/**
 * How long an executor is waited for, how often it is asked again, and when it is left alone.
 *
 * @param timeouts of one try
 * @param retries of one call
 * @param rest when it is left alone
 * @param health how long what is known of its health is taken for true; 100 ms to 1 h
 */
public record Patience(Timeouts timeouts, Retries retries, Rest rest, Duration health) {
  /**
   * 5 s to connect and 30 s in all, tries after 0.5, 1.5, 3.5 and 7.5 s, left alone for 60 s after
   * five failed calls, health once a minute.
   */
  public static final Patience DEFAULT =
      new Patience(Timeouts.DEFAULT, Retries.DEFAULT, Rest.DEFAULT, Duration.ofSeconds(60));

  public Patience {
    Lengths.in("health interval", health, Duration.ofMillis(100), Duration.ofHours(1));
  }

  /** The same with other timeouts. */
  public Patience withTimeouts(Timeouts other) {
    return new Patience(other, retries, rest, health);
  }

  /** The same with other retries. */
  public Patience withRetries(Retries other) {
    return new Patience(timeouts, other, rest, health);
  }

  /** The same, left alone at another point. */
  public Patience withRest(Rest other) {
    return new Patience(timeouts, retries, other, health);
  }

  /** The same with another age at which what is known of its health is too old. */
  public Patience withHealth(Duration other) {
    return new Patience(timeouts, retries, rest, other);
  }

  /** The longest that one call can take, with all its tries and waits. */
  Duration longestCall() {
    return timeouts
        .whole()
        .multipliedBy(retries.attempts())
        .plus(retries.longest().multipliedBy(2L * retries.attempts()));
  }

  /**
   * How long one try may take.
   *
   * @param connect until there is a connection; 10 ms to 1 min
   * @param whole until the last byte of the answer, connecting included; 10 ms to 10 min
   */
  public record Timeouts(Duration connect, Duration whole) {
    /** 5 s and 30 s. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30));

    public Timeouts {
      Lengths.in("connect timeout", connect, Lengths.SHORT, Duration.ofMinutes(1));
      Lengths.in("timeout", whole, Lengths.SHORT, Duration.ofMinutes(10));
    }
  }

  /**
   * How often it is asked again.
   *
   * @param attempts tries in all; 1 to 10
   * @param first the wait before the second try, doubled before each further one; 1 ms to 1 min
   * @param longest no wait is longer, jitter aside; at least {@code first}, at most 10 min
   * @param jitterPercent by how much of itself a wait may be longer or shorter; 0 to 100
   */
  public record Retries(int attempts, Duration first, Duration longest, int jitterPercent) {
    /** Five tries, 500 ms, 8 s, a tenth. */
    public static final Retries DEFAULT =
        new Retries(5, Duration.ofMillis(500), Duration.ofSeconds(8), 10);

    public Retries {
      Check.that(attempts >= 1 && attempts <= 10, "attempts must be in 1..10, was %d", attempts);
      Lengths.in("first wait", first, Duration.ofMillis(1), Duration.ofMinutes(1));
      Lengths.in("longest wait", longest, first, Duration.ofMinutes(10));
      Check.that(
          jitterPercent >= 0 && jitterPercent <= 100,
          "jitter must be in 0..100 percent, was %d",
          jitterPercent);
    }
  }

  /**
   * When it is left alone, and for how long.
   *
   * @param failures failed calls in a row, each with all its tries; 1 to 1,000
   * @param length until one call finds out whether it is back; 10 ms to 1 d
   */
  public record Rest(int failures, Duration length) {
    /** Five, 60 s. */
    public static final Rest DEFAULT = new Rest(5, Duration.ofSeconds(60));

    public Rest {
      Check.that(
          failures >= 1 && failures <= 1_000, "failures must be in 1..1000, was %d", failures);
      Lengths.in("rest", length, Lengths.SHORT, Duration.ofDays(1));
    }
  }
}
