package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.time.Instant;

/** What is done after an attempt has failed. Immutable. */
public sealed interface Decision {

  /** Stands for a moment that nobody knows. */
  Instant UNKNOWN = Instant.MAX;

  /** Why, in a few words, with the source of a hint as it was written. */
  String why();

  /** When the same provider may be asked again; {@link #UNKNOWN} if nobody knows. */
  Instant retryAt();

  /**
   * Ask the same provider again.
   *
   * @param after how long to wait first, 0 or more
   */
  record Retry(Duration after, String why, Instant retryAt) implements Decision {
    /** Rejects negative waits. */
    public Retry {
      requireNonNull(why, "why");
      requireNonNull(retryAt, "retryAt");
      Check.that(!after.isNegative(), "after must be 0 or more, was %s", after);
    }
  }

  /** Ask another provider now; without one, stop. */
  record Fallback(String why, Instant retryAt) implements Decision {
    /** Rejects null. */
    public Fallback {
      requireNonNull(why, "why");
      requireNonNull(retryAt, "retryAt");
    }
  }

  /** Put the call away until {@code retryAt} without a thread or a connection. */
  record Park(String why, Instant retryAt) implements Decision {
    /** Rejects null. */
    public Park {
      requireNonNull(why, "why");
      requireNonNull(retryAt, "retryAt");
    }
  }

  /** End the call. */
  record Stop(Cause cause, String why, Instant retryAt) implements Decision {
    /** Rejects null. */
    public Stop {
      requireNonNull(cause, "cause");
      requireNonNull(why, "why");
      requireNonNull(retryAt, "retryAt");
    }
  }

  /** Why a call ends. */
  enum Cause {
    /** Failures of this kind do not go away by asking again. */
    NOT_RETRYABLE,
    /** The provider asked not to be asked again. */
    TOLD_NOT_TO,
    /** As many attempts as may end in this kind did. */
    ATTEMPTS_EXHAUSTED,
    /** The provider wants a longer wait than anybody sleeps. */
    HINT_TOO_LONG,
    /** The wait does not fit before the deadline. */
    DEADLINE
  }
}
