package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server says of one of its allowances: so many requests, or tokens, in so much time. A
 * bucket that says nothing of itself is not kept. Immutable.
 *
 * @param name {@code requests}, {@code tokens}, {@code input-tokens}, or the server's own word
 * @param limit how many there are in all, 0 or more; empty if it does not say
 * @param remaining how many are left, 0 or more; empty if it does not say
 * @param reset how long, from the moment the answer came, until there are more; empty if it does
 *     not say
 * @param window in which {@code limit} is granted; zero if it does not say
 * @param refill whether {@code reset} is the time until the bucket is full again, so that one more
 *     comes sooner; else all come at once
 * @param raw the reset as it was written
 */
public record RateBucket(
    String name,
    OptionalLong limit,
    OptionalLong remaining,
    Optional<Duration> reset,
    Duration window,
    boolean refill,
    Source raw) {

  /**
   * Where it was found.
   *
   * @param name of the header
   * @param text its value
   */
  public record Source(String name, String text) {
    /** Rejects null. */
    public Source {
      requireNonNull(name, "name");
      requireNonNull(text, "text");
    }
  }

  /** Rejects negative lengths. */
  public RateBucket {
    requireNonNull(name, "name");
    requireNonNull(limit, "limit");
    requireNonNull(remaining, "remaining");
    requireNonNull(raw, "raw");
    Check.that(!window.isNegative(), "window must not be negative, was %s", window);
    reset.ifPresent(
        length -> Check.that(!length.isNegative(), "reset must not be negative, was %s", length));
  }

  /**
   * Whether it does not hold enough for the next request.
   *
   * @param needed how many that takes, 1 or more
   */
  public boolean isShortOf(long needed) {
    return remaining.isPresent() && remaining.getAsLong() < Math.max(1, needed);
  }

  /**
   * How long until there is enough, if it can be told.
   *
   * @param needed how many the next request takes; 0 if not known, which waits for all
   */
  Optional<Duration> untilEnough(long needed) {
    if (reset.isPresent()) {
      return reset.map(length -> refill ? share(length, needed, used()) : length);
    }
    // only limits are known: what is missing comes at the rate of limit per window
    return window.isZero() ? Optional.empty() : Optional.of(share(window, needed, limit.orElse(0)));
  }

  /** Whether {@link #untilEnough} is exact and no upper bound. */
  boolean isExact(long needed) {
    return reset.isPresent() && (!refill || (needed > 0 && used() > 0));
  }

  private long used() {
    return Math.max(0, limit.orElse(0) - remaining.orElse(0));
  }

  /** What is missing, as a share of what comes in {@code length}. */
  private Duration share(Duration length, long needed, long comes) {
    double missing = (double) needed - remaining.orElse(0);
    if (needed <= 0 || comes <= 0 || missing >= comes) {
      return length;
    }
    return Duration.ofMillis((long) Math.ceil(length.toMillis() * Math.max(0, missing) / comes));
  }
}
