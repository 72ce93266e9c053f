package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An account that has used up what it may. Immutable.
 *
 * @param account whose backends all rest
 * @param until when they go on
 * @param reason for people
 * @param source where the time was found: {@code event}, {@code text} or {@code default}
 */
public record Cooldown(String account, Instant until, String reason, String source) {
  /** Rejects nothing but nulls. */
  public Cooldown {
    requireNonNull(account, "account");
    requireNonNull(until, "until");
    requireNonNull(reason, "reason");
    requireNonNull(source, "source");
  }
}
