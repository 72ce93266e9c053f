package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What attempts came to, period by period. Immutable.
 *
 * @param window what it covers
 * @param interval how long a period is
 * @param points one for each period, the oldest first, also for those in which nothing happened;
 *     the last one is still running
 */
public record Timeseries(Window window, Interval interval, List<Point> points) {

  /** How long a period is; all begin at full minutes, hours or days in UTC. */
  public enum Interval {
    /** One minute; kept for 24 h at most. */
    MINUTE,
    /** One hour. */
    HOUR,
    /** One day. */
    DAY
  }

  /**
   * One period.
   *
   * @param at its first moment
   * @param totals the counts
   * @param latency of attempts that count
   */
  public record Point(Instant at, Totals totals, Percentiles latency) {
    /** Rejects nulls. */
    public Point {
      requireNonNull(at, "at");
      requireNonNull(totals, "totals");
      requireNonNull(latency, "latency");
    }
  }

  /** Keeps a copy of the points. */
  public Timeseries {
    requireNonNull(window, "window");
    requireNonNull(interval, "interval");
    points = List.copyOf(points);
  }
}
