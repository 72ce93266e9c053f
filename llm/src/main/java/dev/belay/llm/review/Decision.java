package dev.belay.llm.review;

import dev.belay.Check;

/** What a person makes of a parked call. Immutable. */
public sealed interface Decision {
  /** The longest text of a decision, in characters. */
  int LONGEST = 200_000;

  /** The last answer stands as it is. */
  record Approve() implements Decision {}

  /**
   * Another answer instead.
   *
   * @param answer the whole text, not empty
   */
  record Edit(String answer) implements Decision {
    /** Rejects an empty answer. */
    public Edit {
      text("answer", answer);
    }

    /** Without the text, which may be anything. */
    @Override
    public String toString() {
      return "Edit[%d characters]".formatted(answer.length());
    }
  }

  /**
   * The model is asked again.
   *
   * @param note what it is told, beside the problems; not empty
   * @param extraAttempts how often at the most, 1 to 20
   */
  record Retry(String note, int extraAttempts) implements Decision {
    /** Rejects an empty note, and counts out of range. */
    public Retry {
      text("note", note);
      Check.that(
          extraAttempts >= 1 && extraAttempts <= 20,
          "extra_attempts must be 1 to 20, was %d",
          extraAttempts);
    }

    /** Without the note, which may be anything. */
    @Override
    public String toString() {
      return "Retry[%d characters, %d]".formatted(note.length(), extraAttempts);
    }
  }

  /**
   * The call fails.
   *
   * @param reason told to the caller; not empty
   */
  record Reject(String reason) implements Decision {
    /** Rejects an empty reason. */
    public Reject {
      text("reason", reason);
    }

    /** Without the reason, which may be anything. */
    @Override
    public String toString() {
      return "Reject[%d characters]".formatted(reason.length());
    }
  }

  /** Where a call stands after it. */
  default ReviewState state() {
    return switch (this) {
      case Approve approve -> ReviewState.APPROVED;
      case Edit edit -> ReviewState.EDITED;
      case Retry retry -> ReviewState.RETRIED;
      case Reject reject -> ReviewState.REJECTED;
    };
  }

  private static void text(String name, String value) {
    Check.that(!value.isBlank(), "%s must not be empty", name);
    Check.that(
        value.length() <= LONGEST,
        "%s must be at most %d characters, was %d",
        name,
        LONGEST,
        value.length());
  }
}
