package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.StopReason;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run came to. Immutable.
 *
 * @param scenario what was run
 * @param seed with what chance
 * @param calls what callers saw
 * @param attempts what endpoints saw
 * @param waits pauses between attempts
 * @param breakers what breakers did
 * @param timeline what happened when
 */
public record Result(
    Scenario scenario,
    long seed,
    Calls calls,
    Attempts attempts,
    Waits waits,
    Breakers breakers,
    Timeline timeline) {

  /** Rejects nulls. */
  public Result {
    requireNonNull(scenario, "scenario");
    requireNonNull(calls, "calls");
    requireNonNull(attempts, "attempts");
    requireNonNull(waits, "waits");
    requireNonNull(breakers, "breakers");
    requireNonNull(timeline, "timeline");
  }

  /**
   * Percentiles, exact.
   *
   * @param p50 half of them took no longer
   * @param p95 19 in 20 took no longer
   * @param p99 99 in 100 took no longer
   * @param longest none took longer
   */
  public record Times(Duration p50, Duration p95, Duration p99, Duration longest) {
    /** Of nothing. */
    public static final Times NONE =
        new Times(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Rejects nulls. */
    public Times {
      requireNonNull(p50, "p50");
      requireNonNull(p95, "p95");
      requireNonNull(p99, "p99");
      requireNonNull(longest, "longest");
    }
  }

  /**
   * What callers saw. Times are those of whole calls, waits included.
   *
   * @param offered calls
   * @param endings why they made no further attempt; reasons that did not occur are left out
   * @param took all calls
   * @param tookWell calls that ended well
   * @param tookWithRetry calls that ended well after more than one attempt
   */
  public record Calls(
      long offered,
      Map<StopReason, Long> endings,
      Times took,
      Times tookWell,
      Times tookWithRetry) {
    /** Keeps a copy. */
    public Calls {
      Map<StopReason, Long> copy = new EnumMap<>(StopReason.class);
      copy.putAll(endings);
      endings = Collections.unmodifiableMap(copy);
      requireNonNull(took, "took");
      requireNonNull(tookWell, "tookWell");
      requireNonNull(tookWithRetry, "tookWithRetry");
    }

    /** Calls that ended so. */
    public long ended(StopReason reason) {
      return endings.getOrDefault(reason, 0L);
    }

    /** Calls that ended well. */
    public long successes() {
      return ended(StopReason.SUCCESS);
    }

    /** Share of calls that ended well, 0 to 1. */
    public double successRate() {
      return offered == 0 ? 0 : (double) successes() / offered;
    }
  }

  /**
   * What endpoints saw.
   *
   * @param byNumber attempts that were their call's first, second, and so on
   * @param goodByNumber those of them that succeeded
   * @param callsByAttempts calls that ended well after one attempt, after two, and so on
   * @param byEndpoint attempts that each endpoint got, in the scenario's order
   * @param hedges attempts beside a slow one
   * @param wasted attempts at an endpoint of which, at that moment, more than 70 % failed by its
   *     script; queues and quotas play no part
   */
  public record Attempts(
      List<Long> byNumber,
      List<Long> goodByNumber,
      List<Long> callsByAttempts,
      Map<String, Long> byEndpoint,
      long hedges,
      long wasted) {
    /** Keeps copies. */
    public Attempts {
      byNumber = List.copyOf(byNumber);
      goodByNumber = List.copyOf(goodByNumber);
      callsByAttempts = List.copyOf(callsByAttempts);
      byEndpoint = Collections.unmodifiableMap(new LinkedHashMap<>(byEndpoint));
    }

    /** All of them. */
    public long made() {
      return byNumber.stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Pauses.
   *
   * @param count how many
   * @param sum added up
   * @param each their lengths
   * @param budgetRefusals retries and hedges that the budget did not allow
   */
  public record Waits(long count, Duration sum, Times each, long budgetRefusals) {
    /** Rejects nulls. */
    public Waits {
      requireNonNull(sum, "sum");
      requireNonNull(each, "each");
    }
  }

  /**
   * What breakers did.
   *
   * @param events the first 10,000 edges, in order
   * @param count edges in all
   */
  public record Breakers(List<BreakerEvent> events, long count) {
    /** Keeps a copy. */
    public Breakers {
      events = List.copyOf(events);
    }
  }

  /** Load on the endpoints against offered load, over the whole run: attempts for each call. */
  public double amplification() {
    return calls.offered() == 0 ? 0 : (double) attempts.made() / calls.offered();
  }

  /** The same at its worst: the most attempts in a second against the mean of offered calls. */
  public double peakAmplification() {
    return timeline.peakAttemptsPerSecond() / scenario.load().perSecond();
  }
}
