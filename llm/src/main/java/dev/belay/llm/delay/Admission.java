package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/** What a gate says to a caller. Immutable. */
public sealed interface Admission {

  /**
   * Go ahead.
   *
   * @param waited how long it took
   */
  record Granted(Duration waited) implements Admission {
    /** Rejects null. */
    public Granted {
      requireNonNull(waited, "waited");
    }
  }

  /**
   * Not now, and not within the caller's patience.
   *
   * @param why in a few words
   * @param retryAfter about how long until there is a chance
   * @param retryAt the same by the wall clock
   */
  record Refused(String why, Duration retryAfter, Instant retryAt) implements Admission {
    /** Rejects null. */
    public Refused {
      requireNonNull(why, "why");
      requireNonNull(retryAfter, "retryAfter");
      requireNonNull(retryAt, "retryAt");
    }
  }
}
