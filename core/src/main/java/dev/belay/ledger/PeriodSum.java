package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * What attempts came to in one hour or day, with what percentiles are made from. Immutable.
 *
 * @param at its first moment
 * @param totals the counts
 * @param latencies how many attempts took how long, in the ledger's own buckets
 */
public record PeriodSum(Instant at, Totals totals, List<Long> latencies) {

  /** Keeps a copy; rejects buckets that are not the ledger's. */
  public PeriodSum {
    requireNonNull(at, "at");
    requireNonNull(totals, "totals");
    latencies = Latencies.checked(latencies);
  }

  /** Of no attempts. */
  public static PeriodSum none(Instant at) {
    return new PeriodSum(at, Totals.NONE, Collections.nCopies(Latencies.BUCKETS, 0L));
  }

  /**
   * Sums by day (UTC), the oldest first.
   *
   * @param sums of hours or days, in any order, several for the same one allowed
   */
  public static List<PeriodSum> byDay(Collection<PeriodSum> sums) {
    return byPeriod(sums, ChronoUnit.DAYS);
  }

  static List<PeriodSum> byPeriod(Collection<PeriodSum> sums, ChronoUnit unit) {
    TreeMap<Instant, PeriodSum> periods = new TreeMap<>();
    for (PeriodSum sum : sums) {
      Instant at = sum.at.truncatedTo(unit);
      periods.merge(at, new PeriodSum(at, sum.totals, sum.latencies), PeriodSum::plus);
    }
    return new ArrayList<>(periods.values());
  }

  private PeriodSum plus(PeriodSum more) {
    return new PeriodSum(at, totals.plus(more.totals), Latencies.sum(latencies, more.latencies));
  }

  Timeseries.Point point() {
    return new Timeseries.Point(at, totals, Latencies.percentiles(latencies));
  }
}
