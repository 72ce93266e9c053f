package dev.belay.ledger;

import static dev.belay.ledger.SteadyClock.HOUR;
import static dev.belay.ledger.SteadyClock.MINUTE;
import static dev.belay.ledger.SteadyClock.instant;

import dev.belay.Attempt;
import dev.belay.BreakerEvent;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.ledger.Timeseries.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers what attempts came to. Each is counted once, when it ends: by minute for 24 h at most,
 * by hour as long as wanted, and by hour for each endpoint, policy and target. What it takes in
 * memory depends on the number of these, never on the number of attempts. Safe for any number of
 * threads; writers take no lock.
 *
 * <p>Every answer covers the clock hour that is running and the whole hours before it that were
 * asked for, so it covers at least what was asked for, and answers of all kinds agree. Hours and
 * minutes are those of the wall clock (UTC) at the time the ledger was made, and go on evenly from
 * there: setting the wall clock changes nothing. An answer given while calls run may hold an
 * attempt that is counted in one place and not yet in another.
 */
public final class AttemptLedger implements CallObserver {

  /** The name under which names are counted that exceed their number. */
  public static final String OTHER = "other";

  private static final int MOST_MINUTE_HOURS = 24;
  private static final int MINUTES_PER_HOUR = 60;
  private static final int HOURS_PER_DAY = 24;

  private final SteadyClock clock;
  private final LedgerLimits limits;
  private final int minuteHours;
  private final Ring minutes;
  private final Ring hours;
  private final KeySpace endpoints;
  private final KeySpace policies;
  private final KeySpace hosts;
  private final BreakerLog breakers;
  private final long firstMinuteHour;

  /** The first hour anything is known of; goes back when older ones are restored. */
  private final AtomicLong firstHour;

  /** A ledger with the default limits. */
  public AttemptLedger(Time time) {
    this(LedgerLimits.DEFAULT, time);
  }

  /** A ledger that keeps as much as wanted. */
  public AttemptLedger(LedgerLimits limits, Time time) {
    this.clock = new SteadyClock(time);
    this.limits = limits;
    // one slot more than whole hours are kept, for the one that is running
    int slots = limits.hours() + 1;
    this.minuteHours = Math.min(limits.hours(), MOST_MINUTE_HOURS);
    this.minutes = new Ring((minuteHours + 1) * MINUTES_PER_HOUR, Cells.TIMED);
    this.hours = new Ring(slots, Cells.TIMED);
    this.endpoints = new KeySpace(limits.endpoints(), Cells.PLAIN, slots);
    this.policies = new KeySpace(limits.policies(), Cells.PLAIN, slots);
    this.hosts = new KeySpace(limits.hosts(), Cells.PLAIN, slots);
    this.breakers = new BreakerLog(limits.endpoints(), slots);
    this.firstMinuteHour = clock.nanos() / HOUR;
    this.firstHour = new AtomicLong(firstMinuteHour);
  }

  /** How much it keeps. */
  public LedgerLimits limits() {
    return limits;
  }

  /** The moment on its own clock, which goes on evenly when the wall clock is set. */
  public Instant now() {
    return instant(clock.nanos());
  }

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    long now = clock.nanos();
    long hour = now / HOUR;
    Cells.Entry entry = Cells.Entry.of(attempt, verdict, tookNanos);
    entry.countTimedIn(minutes.at(now / MINUTE));
    entry.countTimedIn(hours.at(hour));
    entry.countIn(endpoints.at(attempt.endpoint().name(), hour));
    entry.countIn(policies.at(policy, hour));
    if (!call.target().isEmpty()) {
      entry.countIn(hosts.at(call.target(), hour));
    }
  }

  @Override
  public void finished(Call call, CallReport report) {
    int cell = Cells.finished(report.reason());
    if (cell < 0) {
      return;
    }
    long now = clock.nanos();
    long hour = now / HOUR;
    minutes.at(now / MINUTE).add(cell, 1);
    hours.at(hour).add(cell, 1);
    policies.at(report.policy(), hour).add(cell, 1);
    if (!call.target().isEmpty()) {
      hosts.at(call.target(), hour).add(cell, 1);
    }
  }

  /** A breaker took an edge; hand this to breakers as their listener. */
  public void onBreakerEvent(BreakerEvent event) {
    breakers.add(event, clock.nanos() / HOUR);
  }

  /** The hours of an answer, both ends included, and how it presents them. */
  private record Span(long from, long to, Window window) {}

  private Span span(int asked) {
    return span(asked, limits.hours(), firstHour.get());
  }

  private Span span(int asked, int kept, long first) {
    Window.checkHours(asked);
    long now = clock.nanos();
    long to = now / HOUR;
    long from = Math.max(first, to - Math.min(asked, kept));
    return new Span(
        from, to, new Window(instant(from * HOUR), instant(now), asked, kept, asked > kept));
  }

  /**
   * All attempts together.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public Summary summary(int hours) {
    Span span = span(hours);
    long[] cells = new long[Cells.TIMED];
    this.hours.addTo(cells, span.from(), span.to());
    return new Summary(
        span.window(),
        Cells.totals(cells),
        Cells.percentiles(cells),
        breakers.count(span.from(), span.to()));
  }

  /**
   * Period by period.
   *
   * @param hours how far back, 1 to 168; by minute, at most 24 are kept
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public Timeseries timeseries(int hours, Interval interval) {
    return switch (interval) {
      case MINUTE -> byMinute(span(hours, minuteHours, firstMinuteHour));
      case HOUR -> byHours(span(hours), interval, 1);
      case DAY -> byHours(span(hours), interval, HOURS_PER_DAY);
    };
  }

  private Timeseries byMinute(Span span) {
    long to = SteadyClock.nanos(span.window().to()) / MINUTE;
    List<Timeseries.Point> points = new ArrayList<>();
    for (long minute = span.from() * MINUTES_PER_HOUR; minute <= to; minute++) {
      points.add(point(minutes, minute, minute, minute * MINUTE));
    }
    return new Timeseries(span.window(), Interval.MINUTE, points);
  }

  private Timeseries byHours(Span span, Interval interval, int length) {
    List<Timeseries.Point> points = new ArrayList<>();
    for (long at = span.from() / length; at <= span.to() / length; at++) {
      long from = Math.max(span.from(), at * length);
      long to = Math.min(span.to(), at * length + length - 1);
      points.add(point(hours, from, to, at * length * HOUR));
    }
    return new Timeseries(span.window(), interval, points);
  }

  private static Timeseries.Point point(Ring ring, long from, long to, long nanos) {
    long[] cells = new long[Cells.TIMED];
    return ring.addTo(cells, from, to)
        ? new Timeseries.Point(instant(nanos), Cells.totals(cells), Cells.percentiles(cells))
        : new Timeseries.Point(instant(nanos), Totals.NONE, Percentiles.NONE);
  }

  /**
   * By endpoint.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public Breakdown byEndpoint(int hours) {
    return breakdown(endpoints, span(hours));
  }

  /**
   * By policy.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public Breakdown byPolicy(int hours) {
    return breakdown(policies, span(hours));
  }

  /**
   * By target; calls without one are left out.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public Breakdown byHost(int hours) {
    return breakdown(hosts, span(hours));
  }

  private static Breakdown breakdown(KeySpace keys, Span span) {
    return new Breakdown(span.window(), keys.sums(span.from(), span.to(), Cells::totals));
  }

  /**
   * What breakers did.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public BreakerHistory breakerEvents(int hours) {
    Span span = span(hours);
    return new BreakerHistory(
        span.window(), breakers.since(span.from()), breakers.counts(span.from(), span.to()));
  }

  /**
   * All hours in which anything happened, the oldest first, the running one included: for a store.
   */
  public List<HourRecord> hourly() {
    return hourly(Window.MOST_HOURS);
  }

  /**
   * The same for the latest hours only: a store that has written the others down needs no more.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public List<HourRecord> hourly(int hours) {
    List<HourRecord> records = new ArrayList<>();
    Span span = span(hours);
    for (long hour = span.from(); hour <= span.to(); hour++) {
      HourRecord record = hourRecord(hour);
      if (!record.isEmpty()) {
        records.add(record);
      }
    }
    return records;
  }

  private HourRecord hourRecord(long hour) {
    long[] cells = new long[Cells.TIMED];
    hours.addTo(cells, hour);
    return new HourRecord(
        instant(hour * HOUR),
        Cells.totals(cells),
        Cells.latencies(cells),
        endpoints.sums(hour, hour, Cells::totals),
        policies.sums(hour, hour, Cells::totals),
        hosts.sums(hour, hour, Cells::totals),
        breakers.counts(hour, hour));
  }

  /**
   * Counts what {@link #hourly} gave before a restart, on top of what this ledger has counted
   * itself; call it once. Hours that are no longer kept, or not yet there, are left out, and so are
   * the single events of breakers and the minutes, which are not stored.
   */
  public void restore(List<HourRecord> records) {
    long now = clock.nanos() / HOUR;
    for (HourRecord record : records) {
      long hour = SteadyClock.nanos(record.hour()) / HOUR;
      if (hour <= now && hour >= now - limits.hours()) {
        restore(record, hour);
        firstHour.accumulateAndGet(hour, Math::min);
      }
    }
  }

  private void restore(HourRecord record, long hour) {
    Tally total = hours.at(hour);
    Cells.restore(record.totals(), total);
    Cells.restore(record.latencies(), total);
    restore(record.endpoints(), endpoints, hour);
    restore(record.policies(), policies, hour);
    restore(record.hosts(), hosts, hour);
    record.breakers().forEach((breaker, counts) -> breakers.add(breaker, counts, hour));
  }

  private static void restore(SortedMap<String, Totals> totals, KeySpace keys, long hour) {
    totals.forEach((key, one) -> Cells.restore(one, keys.at(key, hour)));
  }
}
