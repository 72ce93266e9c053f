package dev.belay.ledger;

import dev.belay.Check;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;

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
    latencies = List.copyOf(latencies);
    Check.that(
        latencies.size() == Latencies.BUCKETS,
        "there must be %d latency buckets, were %d",
        Latencies.BUCKETS,
        latencies.size());
    for (long count : latencies) {
      Check.that(count >= 0, "latency counts must be 0 or more, was %d", count);
    }
    endpoints = Breakdown.copy(endpoints);
    policies = Breakdown.copy(policies);
    hosts = Breakdown.copy(hosts);
    breakers = Breakdown.copy(breakers);
  }

  /** Whether nothing happened. */
  boolean isEmpty() {
    return totals.equals(Totals.NONE) && breakers.isEmpty();
  }
}
