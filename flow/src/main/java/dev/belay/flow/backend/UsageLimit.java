package dev.belay.flow.backend;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An account has used up what it may. Immutable.
 *
 * @param until when it may be used again, as the agent says
 * @param source where that was found
 * @param kind which limit, in the agent's words: {@code five_hour}, say; empty if it does not say
 */
public record UsageLimit(Instant until, Source source, String kind) {

  /** How far the time can be trusted. */
  public enum Source {
    /** In a field made for it. */
    EVENT,
    /** In a sentence for people. */
    TEXT,
    /** Nowhere: it is our guess. */
    DEFAULT
  }

  /** Rejects nothing but nulls. */
  public UsageLimit {
    requireNonNull(until, "until");
    requireNonNull(source, "source");
    requireNonNull(kind, "kind");
  }
}
