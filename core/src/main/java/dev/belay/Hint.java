package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A server's own word on when to come back. A wait is never shorter than the hint. Immutable.
 *
 * @param after how long to wait at the least, from the moment the answer arrived; zero for {@link
 *     #NONE}
 * @param source where it was found, for reports: {@code Retry-After}, say
 */
public record Hint(Duration after, String source) {

  /** The server said nothing. */
  public static final Hint NONE = new Hint(Duration.ZERO, "");

  /** Rejects negative waits. */
  public Hint {
    requireNonNull(after, "after");
    requireNonNull(source, "source");
    Check.that(!after.isNegative(), "after must not be negative, was %s", after);
  }

  /** Come back after {@code after}, at least 0. */
  public static Hint after(Duration after, String source) {
    return new Hint(after, source);
  }

  /** Whether there is a wait to obey. */
  public boolean isPresent() {
    return !after.isZero();
  }
}
