package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * How often, how fast and for what a call is tried again. Immutable, safe for any number of
 * threads. Waits of the default: 1 s before the second attempt, 2 s before the third.
 */
public final class RetryPolicy {

  private static final Set<ErrorClass> RETRYABLE =
      Set.copyOf(
          EnumSet.of(
              ErrorClass.DNS,
              ErrorClass.CONNECT,
              ErrorClass.TLS,
              ErrorClass.TIMEOUT,
              ErrorClass.RESET,
              ErrorClass.PROTOCOL,
              ErrorClass.STATUS,
              ErrorClass.THROTTLED,
              ErrorClass.AUTH,
              ErrorClass.REJECTED,
              ErrorClass.INVALID,
              ErrorClass.OTHER));

  /** "No limit", where a length of time is asked for. */
  public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  /** Three attempts in all, 1 s and 2 s apart; retries on broken connections and 502, 503, 504. */
  public static final RetryPolicy DEFAULT = named("default").build();

  /** One attempt, no retry. */
  public static final RetryPolicy NONE = named("none").maxAttempts(1).build();

  private final String name;
  private final int maxAttempts;
  private final Backoff backoff;
  private final Duration timeout;
  private final Duration attemptTimeout;
  private final Duration maxHintWait;
  private final Duration maxOpenWait;
  private final Set<Integer> retryStatusCodes;
  private final Set<ErrorClass> retryClasses;
  private final boolean retryNonIdempotent;
  private final boolean immediateFailover;
  private final Hedge hedge;

  private RetryPolicy(Builder from) {
    name = from.name;
    maxAttempts = from.maxAttempts;
    backoff = requireNonNull(from.backoff, "backoff");
    timeout = from.timeout;
    attemptTimeout = from.attemptTimeout;
    maxHintWait = from.maxHintWait;
    maxOpenWait = from.maxOpenWait;
    retryStatusCodes = Set.copyOf(from.retryStatusCodes);
    retryClasses = Set.copyOf(from.retryClasses);
    retryNonIdempotent = from.retryNonIdempotent;
    immediateFailover = from.immediateFailover;
    hedge = requireNonNull(from.hedge, "hedge");
    checkRanges();
  }

  private void checkRanges() {
    Check.that(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
        "policy name must be 1 to 64 letters, digits, dots, underscores or hyphens, was '%s'",
        name);
    Check.that(
        maxAttempts >= 1 && maxAttempts <= 10, "max_attempts must be 1 to 10, was %d", maxAttempts);
    Check.that(timeout.isPositive(), "timeout must be above 0, was %s", timeout);
    Check.that(
        attemptTimeout.isPositive(), "attempt_timeout must be above 0, was %s", attemptTimeout);
    Check.that(!maxHintWait.isNegative(), "max_hint_wait must be 0 or more, was %s", maxHintWait);
    Check.that(!maxOpenWait.isNegative(), "max_open_wait must be 0 or more, was %s", maxOpenWait);
    for (int code : retryStatusCodes) {
      Check.that(
          code == 408 || code == 425 || code == 429 || (code >= 500 && code <= 599),
          "retry_status_codes must be 408, 425, 429 or 500 to 599, was %d",
          code);
    }
    Check.that(
        !retryClasses.contains(ErrorClass.NONE) && !retryClasses.contains(ErrorClass.CANCELLED),
        "retry_classes must not hold NONE or CANCELLED, was %s",
        retryClasses);
  }

  /** Starts from the defaults, under a name for metrics and reports. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * The policies that come with Belay: {@link #DEFAULT}, {@link #NONE}, and {@code high-volume},
   * {@code rate-limited}, {@code critical} and {@code fast-failover}.
   */
  public static List<RetryPolicy> presets() {
    return List.of(DEFAULT, NONE, highVolume(), rateLimited(), critical(), fastFailover());
  }

  /** Many short tries, well spread: 5 attempts from 0.5 s up to 10 s. */
  public static RetryPolicy highVolume() {
    return named("high-volume")
        .maxAttempts(5)
        .backoff(
            Backoff.exponential(Duration.ofMillis(500))
                .withCap(Duration.ofSeconds(10))
                .withJitter(Jitter.PROPORTIONAL))
        .build();
  }

  /** For servers that count: 3 attempts, 5 s and 10 s apart, on 429 too. */
  public static RetryPolicy rateLimited() {
    return named("rate-limited")
        .backoff(Backoff.linear(Duration.ofSeconds(5)))
        .retryStatusCodes(Set.of(429, 502, 503, 504))
        .build();
  }

  /** When an answer is needed soon or not at all: 2 attempts, 1 s apart, 5 s in all. */
  public static RetryPolicy critical() {
    return named("critical").maxAttempts(2).timeout(Duration.ofSeconds(5)).build();
  }

  /** For pools: moves to another endpoint at once, and waits only when that does not help. */
  public static RetryPolicy fastFailover() {
    return named("fast-failover")
        .maxAttempts(5)
        .backoff(
            Backoff.exponential(Duration.ofMillis(100))
                .withCap(Duration.ofSeconds(2))
                .withJitter(Jitter.EQUAL))
        .attemptTimeout(Duration.ofSeconds(10))
        .timeout(Duration.ofSeconds(30))
        .immediateFailover(true)
        .build();
  }

  /** The name in metrics and reports. */
  public String name() {
    return name;
  }

  /** Attempts in all, the first included, 1 to 10. */
  public int maxAttempts() {
    return maxAttempts;
  }

  /** How long to wait between attempts. */
  public Backoff backoff() {
    return backoff;
  }

  /** The whole call, with all attempts and waits; {@link #FOREVER} if there is no limit. */
  public Duration timeout() {
    return timeout;
  }

  /** One attempt; {@link #FOREVER} if there is no limit. */
  public Duration attemptTimeout() {
    return attemptTimeout;
  }

  /** The longest hint worth waiting for; a longer one ends the call. */
  public Duration maxHintWait() {
    return maxHintWait;
  }

  /** How long a call waits for an open breaker to admit it again; zero means not at all. */
  public Duration maxOpenWait() {
    return maxOpenWait;
  }

  /** HTTP statuses worth another attempt. */
  public Set<Integer> retryStatusCodes() {
    return retryStatusCodes;
  }

  /** Kinds of failure worth another attempt, when their verdict says so too. */
  public Set<ErrorClass> retryClasses() {
    return retryClasses;
  }

  /** Whether calls that may not be repeated are, even if a server may have seen them. */
  public boolean retryNonIdempotent() {
    return retryNonIdempotent;
  }

  /** Whether another endpoint is tried without waiting, if one is free. */
  public boolean immediateFailover() {
    return immediateFailover;
  }

  /** Attempts that run beside a slow one. */
  public Hedge hedge() {
    return hedge;
  }

  /** Starts from this policy. */
  public Builder toBuilder() {
    Builder copy = new Builder(name);
    copy.maxAttempts = maxAttempts;
    copy.backoff = backoff;
    copy.timeout = timeout;
    copy.attemptTimeout = attemptTimeout;
    copy.maxHintWait = maxHintWait;
    copy.maxOpenWait = maxOpenWait;
    copy.retryStatusCodes = retryStatusCodes;
    copy.retryClasses = retryClasses;
    copy.retryNonIdempotent = retryNonIdempotent;
    copy.immediateFailover = immediateFailover;
    copy.hedge = hedge;
    return copy;
  }

  private List<Object> values() {
    return List.of(
        name,
        maxAttempts,
        backoff,
        timeout,
        attemptTimeout,
        maxHintWait,
        maxOpenWait,
        retryStatusCodes,
        retryClasses,
        retryNonIdempotent,
        immediateFailover,
        hedge);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RetryPolicy that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, maxAttempts, backoff);
  }

  @Override
  public String toString() {
    return "RetryPolicy[%s, %d attempts, %s from %s to %s, %s jitter, statuses %s]"
        .formatted(
            name,
            maxAttempts,
            backoff.shape(),
            backoff.base(),
            backoff.cap(),
            backoff.jitter(),
            new TreeSet<>(retryStatusCodes));
  }

  /** Collects settings; each starts at its default, and {@link #build} checks them all. */
  public static final class Builder {
    private final String name;
    private int maxAttempts = 3;
    private Backoff backoff = Backoff.exponential(Duration.ofSeconds(1));
    private Duration timeout = FOREVER;
    private Duration attemptTimeout = FOREVER;
    private Duration maxHintWait = Duration.ofMinutes(1);
    private Duration maxOpenWait = Duration.ZERO;
    private Set<Integer> retryStatusCodes = Set.of(502, 503, 504);
    private Set<ErrorClass> retryClasses = RETRYABLE;
    private boolean retryNonIdempotent;
    private boolean immediateFailover;
    private Hedge hedge = Hedge.OFF;

    private Builder(String name) {
      this.name = requireNonNull(name, "name");
    }

    /** Attempts in all, the first included, 1 to 10; default 3. */
    public Builder maxAttempts(int attempts) {
      maxAttempts = attempts;
      return this;
    }

    /** How long to wait between attempts; default exponential from 1 s, at most 30 s. */
    public Builder backoff(Backoff waits) {
      backoff = waits;
      return this;
    }

    /** The whole call, with all attempts and waits, above 0; default {@link #FOREVER}. */
    public Builder timeout(Duration whole) {
      timeout = whole;
      return this;
    }

    /** One attempt, above 0; default {@link #FOREVER}. */
    public Builder attemptTimeout(Duration one) {
      attemptTimeout = one;
      return this;
    }

    /** The longest hint worth waiting for, 0 or more; default a minute. */
    public Builder maxHintWait(Duration longest) {
      maxHintWait = longest;
      return this;
    }

    /** How long to wait for an open breaker, 0 or more; default not at all. */
    public Builder maxOpenWait(Duration longest) {
      maxOpenWait = longest;
      return this;
    }

    /** HTTP statuses worth another attempt: 408, 425, 429, 500 to 599; default 502, 503, 504. */
    public Builder retryStatusCodes(Set<Integer> codes) {
      retryStatusCodes = codes;
      return this;
    }

    /** Kinds of failure worth another attempt; default all. */
    public Builder retryClasses(Set<ErrorClass> classes) {
      retryClasses = classes;
      return this;
    }

    /** Whether calls that may not be repeated are; default no. */
    public Builder retryNonIdempotent(boolean retry) {
      retryNonIdempotent = retry;
      return this;
    }

    /** Whether another endpoint is tried without waiting; default no. */
    public Builder immediateFailover(boolean immediate) {
      immediateFailover = immediate;
      return this;
    }

    /** Attempts that run beside a slow one; default none. */
    public Builder hedge(Hedge extra) {
      hedge = extra;
      return this;
    }

    /**
     * The policy, checked.
     *
     * @throws IllegalArgumentException that names field, value and range
     */
    public RetryPolicy build() {
      return new RetryPolicy(this);
    }
  }
}
