package dev.belay.ledger;

import dev.belay.Check;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Everything that is kept of one hour, for a store to write down and to bring back. Immutable.
 *
 * @param hour its first moment, a full hour in UTC
 * @param totals all attempts
 * @param latencies how many attempts took how long, in the ledger's own buckets
 * @param endpoints by the name of the endpoint
 * @param policies by the name of the policy
 * @param hosts by target
 * @param breakers by the name of the breaker
 */
public record HourRecord(
    Instant hour,
    Totals totals,
    List<Long> latencies,
    SortedMap<String, Totals> endpoints,
    SortedMap<String, Totals> policies,
    SortedMap<String, Totals> hosts,
    SortedMap<String, BreakerHistory.Counts> breakers) {

  /** Keeps copies; rejects what is no full hour and buckets that are not the ledger's. */
  public HourRecord {
    Check.that(
        hour.equals(hour.truncatedTo(ChronoUnit.HOURS)), "hour must be a full one, was %s", hour);
    latencies = Latencies.checked(latencies);
    endpoints = Breakdown.copy(endpoints);
    policies = Breakdown.copy(policies);
    hosts = Breakdown.copy(hosts);
    breakers = Breakdown.copy(breakers);
  }

  /** Without the names. */
  public PeriodSum sum() {
    return new PeriodSum(hour, totals, latencies);
  }

  /** What both hold together, under the hour of this one. */
  HourRecord plus(HourRecord more) {
    return new HourRecord(
        hour,
        totals.plus(more.totals),
        Latencies.sum(latencies, more.latencies),
        sum(endpoints, more.endpoints, Totals::plus),
        sum(policies, more.policies, Totals::plus),
        sum(hosts, more.hosts, Totals::plus),
        sum(breakers, more.breakers, BreakerHistory.Counts::plus));
  }

  private static <T> SortedMap<String, T> sum(
      SortedMap<String, T> one, SortedMap<String, T> other, BinaryOperator<T> plus) {
    SortedMap<String, T> sum = new TreeMap<>(one);
    other.forEach((name, more) -> sum.merge(name, more, plus));
    return sum;
  }

  /** Whether nothing happened. */
  boolean isEmpty() {
    return totals.equals(Totals.NONE) && breakers.isEmpty();
  }
}
