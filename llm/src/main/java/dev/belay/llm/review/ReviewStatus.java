package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Instant;

/** Where a parked call stands, with what is known of it. Immutable. */
public sealed interface ReviewStatus {

  /** It waits for a person. */
  record Open() implements ReviewStatus {}

  /**
   * A person decided.
   *
   * @param decision what is to be done
   * @param reviewer who decided, 1 to 200 characters
   * @param at when
   */
  record Decided(Decision decision, String reviewer, Instant at) implements ReviewStatus {
    /** Rejects a decision of nobody. */
    public Decided {
      requireNonNull(decision, "decision");
      requireNonNull(at, "at");
      Check.that(
          !reviewer.isBlank() && reviewer.length() <= 200,
          "reviewer must be 1 to 200 characters, was %d",
          reviewer.length());
    }
  }

  /** Nobody decided in time. */
  record Expired() implements ReviewStatus {}

  /** In one word. */
  default ReviewState state() {
    return switch (this) {
      case Open open -> ReviewState.OPEN;
      case Decided decided -> decided.decision().state();
      case Expired expired -> ReviewState.EXPIRED;
    };
  }
}
