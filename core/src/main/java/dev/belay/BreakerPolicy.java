package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When a breaker opens, for how long, and what closes it again. Immutable. The default opens on the
 * fifth failure within 60 s, stays open for 30 s, and closes after one successful probe.
 *
 * <p>Four rules can open it, each of them off at 0, and any number may be on: failures within the
 * window, the share of failures, failures in a row, the share of slow calls. Shares are judged at
 * the moment of a failure (or a slow call), once the window holds enough calls.
 *
 * @param trip what opens it
 * @param window what is remembered
 * @param open how long it stays open
 * @param probe what closes it
 */
public record BreakerPolicy(Trip trip, Window window, Open open, Probe probe) {

  /** Five failures in 60 s open it for 30 s; one good probe closes it. */
  public static final BreakerPolicy DEFAULT = builder().build();

  /** Rejects policies that could never open. */
  public BreakerPolicy {
    requireNonNull(trip, "trip");
    requireNonNull(window, "window");
    requireNonNull(open, "open");
    requireNonNull(probe, "probe");
    int calls = window.calls();
    Check.that(
        calls == 0 || trip.failures() <= calls,
        "failure_threshold must be at most window_calls (%d), was %d",
        calls,
        trip.failures());
    Check.that(
        calls == 0 || !trip.judgesShares() || trip.minimumCalls() <= calls,
        "minimum_calls must be at most window_calls (%d), was %d",
        calls,
        trip.minimumCalls());
  }

  /**
   * What opens a breaker.
   *
   * @param failures this many within the window, 0 (off) to 100,000
   * @param failureRate this share of calls, 0 (off) to 1
   * @param minimumCalls calls in the window before a share is judged, 1 to 1,000,000
   * @param consecutive this many in a row, 0 (off) to 100,000
   * @param slowCall a call at least this long is slow; {@link RetryPolicy#FOREVER} if none is
   * @param slowRate this share of slow calls, 0 (off) to 1
   */
  public record Trip(
      int failures,
      double failureRate,
      int minimumCalls,
      int consecutive,
      Duration slowCall,
      double slowRate) {
    /** Rejects values out of range. */
    public Trip {
      Check.that(
          failures >= 0 && failures <= 100_000,
          "failure_threshold must be 0 (off) to 100000, was %d",
          failures);
      Check.that(
          failureRate >= 0 && failureRate <= 1,
          "failure_rate must be 0 (off) to 1, was %s",
          failureRate);
      Check.that(
          minimumCalls >= 1 && minimumCalls <= 1_000_000,
          "minimum_calls must be 1 to 1000000, was %d",
          minimumCalls);
      Check.that(
          consecutive >= 0 && consecutive <= 100_000,
          "consecutive_failures must be 0 (off) to 100000, was %d",
          consecutive);
      Check.that(slowCall.isPositive(), "slow_call must be above 0, was %s", slowCall);
      Check.that(
          slowRate >= 0 && slowRate <= 1, "slow_rate must be 0 (off) to 1, was %s", slowRate);
      Check.that(
          slowRate == 0 || slowCall.compareTo(RetryPolicy.FOREVER) < 0,
          "slow_rate needs slow_call, the length from which a call is slow");
      Check.that(
          failures > 0 || failureRate > 0 || consecutive > 0 || slowRate > 0,
          "one of failure_threshold, failure_rate, consecutive_failures and slow_rate must be on");
    }

    boolean judgesShares() {
      return failureRate > 0 || slowRate > 0;
    }
  }

  /**
   * What a breaker remembers: a length of time, or the last so many calls. The count of failures in
   * a length of time is exact: one that is exactly as old as the window still counts. Shares over a
   * length of time are kept in 8 to 16 slices and are right to one slice.
   *
   * @param length how far back, above 0 and at most a day; ignored if {@code calls} is set
   * @param calls the last so many calls instead, 0 (off) to 1,000,000
   */
  public record Window(Duration length, int calls) {
    /** Rejects values out of range. */
    public Window {
      Check.that(
          length.isPositive() && length.compareTo(Duration.ofDays(1)) <= 0,
          "window_duration must be above 0 and at most a day, was %s",
          length);
      Check.that(
          calls >= 0 && calls <= 1_000_000,
          "window_calls must be 0 (off) to 1000000, was %d",
          calls);
    }
  }

  /**
   * How long a breaker stays open.
   *
   * @param base the first time, above 0 and at most a day
   * @param growth factor for each opening in a row, 1 (fixed) to 10; the row ends once the breaker
   *     was closed for longer than it had been open
   * @param longest never longer, at least {@code base}
   * @param jitter share by which the time is spread to either side, 0 to below 1
   * @param maxHint a server's hint sets the open time if it is longer than the policy's and at most
   *     this; zero ignores hints
   */
  public record Open(
      Duration base, double growth, Duration longest, double jitter, Duration maxHint) {
    /** Rejects values out of range. */
    public Open {
      Check.that(
          base.isPositive() && base.compareTo(Duration.ofDays(1)) <= 0,
          "timeout_duration must be above 0 and at most a day, was %s",
          base);
      Check.that(
          growth >= 1 && growth <= 10, "open_growth must be 1 (fixed) to 10, was %s", growth);
      Check.that(
          longest.compareTo(base) >= 0,
          "max_open_duration must be at least timeout_duration (%s), was %s",
          base,
          longest);
      Check.that(jitter >= 0 && jitter < 1, "open_jitter must be 0 to below 1, was %s", jitter);
      Check.that(!maxHint.isNegative(), "max_hint must be 0 or more, was %s", maxHint);
    }
  }

  /**
   * What closes a breaker again. Two numbers that are easily mixed up: how many probes may be out
   * <em>at once</em>, and how many have to <em>succeed</em>. A failed probe opens it again.
   *
   * @param atOnce probes out at once, 1 to 1,000
   * @param successes good probes needed to close, 1 to 1,000
   * @param lease a probe that has not come back after this time is given up, and another may go;
   *     above 0
   */
  public record Probe(int atOnce, int successes, Duration lease) {
    /** Rejects values out of range. */
    public Probe {
      Check.that(
          atOnce >= 1 && atOnce <= 1_000, "half_open_calls must be 1 to 1000, was %d", atOnce);
      Check.that(
          successes >= 1 && successes <= 1_000,
          "half_open_successes must be 1 to 1000, was %d",
          successes);
      Check.that(lease.isPositive(), "probe_lease must be above 0, was %s", lease);
    }
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; each starts at its default, and {@link #build} checks them all. */
  public static final class Builder {
    private int failureThreshold = 5;
    private double failureRate;
    private int minimumCalls = 20;
    private int consecutiveFailures;
    private Duration slowCall = RetryPolicy.FOREVER;
    private double slowRate;
    private Duration window = Duration.ofSeconds(60);
    private int windowCalls;
    private Duration openFor = Duration.ofSeconds(30);
    private double openGrowth = 1;
    private Duration maxOpenFor = Duration.ofMinutes(5);
    private double openJitter;
    private Duration maxHint = Duration.ofMinutes(5);
    private int probesAtOnce = 1;
    private int probeSuccesses = 1;
    private Duration probeLease = Duration.ofSeconds(60);

    private Builder() {}

    /** Failures within the window, 0 (off) to 100,000; default 5. */
    public Builder failureThreshold(int failures) {
      failureThreshold = failures;
      return this;
    }

    /** Share of calls that fail, 0 (off) to 1; default off. */
    public Builder failureRate(double share) {
      failureRate = share;
      return this;
    }

    /** Calls in the window before a share is judged; default 20. */
    public Builder minimumCalls(int calls) {
      minimumCalls = calls;
      return this;
    }

    /** Failures in a row, 0 (off) to 100,000; default off. */
    public Builder consecutiveFailures(int failures) {
      consecutiveFailures = failures;
      return this;
    }

    /** Calls of at least this length are slow, and this share of them opens it; default off. */
    public Builder slowCalls(Duration length, double share) {
      slowCall = length;
      slowRate = share;
      return this;
    }

    /** How far back calls are remembered; default 60 s. */
    public Builder window(Duration length) {
      window = length;
      return this;
    }

    /** Remember the last so many calls instead of a length of time; default off. */
    public Builder windowCalls(int calls) {
      windowCalls = calls;
      return this;
    }

    /** How long it stays open, and no longer; default 30 s. */
    public Builder openFor(Duration length) {
      openFor = length;
      if (maxOpenFor.compareTo(length) < 0) {
        maxOpenFor = length;
      }
      return this;
    }

    /** Factor of the open time for each opening in a row, and its limit; default 1 and 5 min. */
    public Builder openGrowth(double factor, Duration longest) {
      openGrowth = factor;
      maxOpenFor = longest;
      return this;
    }

    /** Share by which the open time is spread to either side; default 0. */
    public Builder openJitter(double share) {
      openJitter = share;
      return this;
    }

    /** The longest hint that sets the open time; default 5 min. */
    public Builder maxHint(Duration longest) {
      maxHint = longest;
      return this;
    }

    /** Probes out at once; default 1. */
    public Builder probesAtOnce(int probes) {
      probesAtOnce = probes;
      return this;
    }

    /** Good probes needed to close; default 1. */
    public Builder probeSuccesses(int probes) {
      probeSuccesses = probes;
      return this;
    }

    /** How long a probe may stay out; default 60 s. */
    public Builder probeLease(Duration length) {
      probeLease = length;
      return this;
    }

    /**
     * The policy, checked.
     *
     * @throws IllegalArgumentException that names field, value and range
     */
    public BreakerPolicy build() {
      return new BreakerPolicy(
          new Trip(
              failureThreshold, failureRate, minimumCalls, consecutiveFailures, slowCall, slowRate),
          new Window(window, windowCalls),
          new Open(openFor, openGrowth, maxOpenFor, openJitter, maxHint),
          new Probe(probesAtOnce, probeSuccesses, probeLease));
    }
  }
}
