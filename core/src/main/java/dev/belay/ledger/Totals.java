package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.ErrorClass;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some attempts came to. Immutable.
 *
 * @param requests the calls they belong to
 * @param successByAttempt successes by the number of the attempt, counted from 0 to 9; numbers
 *     without a success are left out, later attempts count as 9
 * @param failures by what went wrong; classes without a failure are left out
 * @param ignored attempts that count neither way: ignored, or cancelled by the caller or because a
 *     hedge was quicker
 * @param latency how long attempts ran, added up; without the ignored ones
 * @param waited how long calls waited before their attempts, added up
 */
public record Totals(
    Requests requests,
    SortedMap<Integer, Long> successByAttempt,
    Map<ErrorClass, Long> failures,
    long ignored,
    Duration latency,
    Duration waited) {

  /** Of no attempts. */
  public static final Totals NONE =
      new Totals(Requests.NONE, new TreeMap<>(), Map.of(), 0, Duration.ZERO, Duration.ZERO);

  /** Keeps copies; rejects attempt numbers beyond 9 and negative counts and times. */
  public Totals {
    requireNonNull(requests, "requests");
    successByAttempt = Collections.unmodifiableSortedMap(new TreeMap<>(successByAttempt));
    Map<ErrorClass, Long> copy = new EnumMap<>(ErrorClass.class);
    copy.putAll(failures);
    failures = Collections.unmodifiableMap(copy);
    for (int attempt : successByAttempt.keySet()) {
      Check.that(attempt >= 0 && attempt <= 9, "attempt must be 0 to 9, was %d", attempt);
    }
    Check.that(
        ignored >= 0 && areCounts(successByAttempt.values()) && areCounts(failures.values()),
        "counts must be 0 or more, were %d ignored, %s, %s",
        ignored,
        successByAttempt,
        failures);
    Check.that(
        !latency.isNegative() && !waited.isNegative(),
        "times must be 0 or more, were %s and %s",
        latency,
        waited);
  }

  private static boolean areCounts(Iterable<Long> values) {
    for (long value : values) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }

  /** What both come to together. */
  Totals plus(Totals more) {
    SortedMap<Integer, Long> successes = new TreeMap<>(successByAttempt);
    more.successByAttempt.forEach((attempt, count) -> successes.merge(attempt, count, Long::sum));
    Map<ErrorClass, Long> failed = new EnumMap<>(ErrorClass.class);
    failed.putAll(failures);
    more.failures.forEach((one, count) -> failed.merge(one, count, Long::sum));
    return new Totals(
        requests.plus(more.requests),
        successes,
        failed,
        ignored + more.ignored,
        latency.plus(more.latency),
        waited.plus(more.waited));
  }

  /** All attempts. */
  public long attempts() {
    return successCount() + failureCount() + ignored;
  }

  /** Attempts other than the first of their call. */
  public long retries() {
    return Math.max(0, attempts() - requests.begun());
  }

  /** Attempts that succeeded. */
  public long successCount() {
    return sum(successByAttempt.values());
  }

  /** Attempts that failed. */
  public long failureCount() {
    return sum(failures.values());
  }

  private static long sum(Iterable<Long> counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Share of attempts that succeeded, of those that count, 0 to 1; 1 if there are none. */
  public double successRate() {
    long successes = successCount();
    long counted = successes + failureCount();
    return counted == 0 ? 1 : (double) successes / counted;
  }

  /** Mean time of the attempts that count, zero if there are none. */
  public Duration averageLatency() {
    long counted = successCount() + failureCount();
    return counted == 0 ? Duration.ZERO : latency.dividedBy(counted);
  }
}
