package dev.belay.ledger;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.ledger.Timeseries.Interval;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A ledger that outlives its process: brings back what was stored, writes down what is counted, and
 * answers for longer than the ledger itself remembers. Nothing is counted twice, neither over a
 * restart nor where the stored hours and those in memory meet, nor when the wall clock was set back
 * between two runs. Safe for any number of threads; every method may block as long as the store
 * does.
 *
 * <p>One ledger at a time may write to a store: whoever writes hours replaces them.
 */
public final class History {

  /** How many days are kept after their hours are gone, the running one included. */
  public static final int DAYS = 90;

  private static final int LEAST_HOURS = 24;

  private final AttemptLedger ledger;
  private final LedgerStore store;
  private final int keptHours;
  private final Instant begun;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Hours that were in the store and not yet due when it was read: of a run whose clock was ahead.
   * What this run counts in them goes on top. Guarded by the lock, as is all below.
   */
  private final Map<Instant, HourRecord> ahead = new HashMap<>();

  private boolean restored;

  /** The first hour that may have changed since it was written. */
  private Instant unsettled;

  private Instant rolledUpTo = Instant.MIN;

  /**
   * History of a ledger that has just been made.
   *
   * @param kept how long hours are kept, in whole hours, 24 h to 90 d; days are kept longer
   */
  public History(AttemptLedger ledger, LedgerStore store, Duration kept) {
    Check.that(
        kept.compareTo(Duration.ofHours(LEAST_HOURS)) >= 0
            && kept.compareTo(Duration.ofDays(DAYS)) <= 0,
        "history must be 24 h to 90 d, was %s",
        kept);
    this.ledger = requireNonNull(ledger, "ledger");
    this.store = requireNonNull(store, "store");
    this.keptHours = (int) kept.toHours();
    this.begun = hour(ledger.now());
    this.unsettled = begun;
  }

  private static Instant hour(Instant moment) {
    return moment.truncatedTo(ChronoUnit.HOURS);
  }

  /**
   * Counts what is stored into the ledger, once: further calls do nothing.
   *
   * @throws UncheckedIOException if the store cannot be read; call it again later
   */
  public void restore() {
    lock.lock();
    try {
      if (!restored) {
        Instant now = ledger.now();
        List<HourRecord> known = new ArrayList<>();
        for (HourRecord record : store.load(hour(now).minus(hoursInMemory()))) {
          if (record.hour().isAfter(now)) {
            ahead.put(record.hour(), record);
          } else {
            known.add(record);
          }
        }
        ledger.restore(known);
        restored = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private Duration hoursInMemory() {
    return Duration.ofHours(Math.min(ledger.limits().hours(), keptHours));
  }

  /**
   * Writes down what was counted since the last time, and forgets what is too old. Restores first,
   * if that has not been done.
   *
   * @throws UncheckedIOException if the store fails; the next call makes up for it, as far as the
   *     ledger remembers
   */
  public void write() {
    lock.lock();
    try {
      restore();
      writeUnsettled();
    } catch (UncheckedIOException failed) {
      unsettled = begun;
      throw failed;
    } finally {
      lock.unlock();
    }
  }

  private void writeUnsettled() {
    Instant now = hour(ledger.now());
    store.save(unsettledHours());
    // the hour before may still get counts of threads that had read the clock before it ended
    Instant before = now.minus(1, ChronoUnit.HOURS);
    unsettled = before.isBefore(begun) ? begun : before;
    if (!now.equals(rolledUpTo)) {
      Instant today = now.truncatedTo(ChronoUnit.DAYS);
      store.rollUp(now.minus(keptHours, ChronoUnit.HOURS), today.minus(DAYS - 1, ChronoUnit.DAYS));
      rolledUpTo = now;
    }
  }

  /** What the store does not know, or not to the last. */
  private List<HourRecord> unsettledHours() {
    Instant now = hour(ledger.now());
    Instant oldest = now.minus(hoursInMemory());
    Instant from = unsettled.isBefore(oldest) ? oldest : unsettled;
    int hours = (int) Math.max(1, ChronoUnit.HOURS.between(from, now));
    NavigableMap<Instant, HourRecord> records = new TreeMap<>(ahead);
    ledger.hourly(hours).forEach(record -> records.merge(record.hour(), record, HourRecord::plus));
    return List.copyOf(records.subMap(from, true, now, true).values());
  }

  /**
   * Period by period, as {@link AttemptLedger#timeseries} but as far back as hours are kept. While
   * the store fails, it is the ledger's own answer.
   *
   * @param hours how far back, 1 to 168
   * @throws IllegalArgumentException if {@code hours} is out of range
   */
  public Timeseries timeseries(int hours, Interval interval) {
    Timeseries own = ledger.timeseries(hours, interval);
    if (interval == Interval.MINUTE) {
      return own;
    }
    lock.lock();
    try {
      return restored ? timeseries(hours, interval, own) : own;
    } catch (UncheckedIOException failed) {
      return own;
    } finally {
      lock.unlock();
    }
  }

  private Timeseries timeseries(int hours, Interval interval, Timeseries own) {
    Instant now = own.window().to();
    Instant asked = hour(now).minus(Math.min(hours, keptHours), ChronoUnit.HOURS);
    List<PeriodSum> sums = sums(store.hours(asked, unsettled), asked);
    Instant first = own.window().from();
    if (!sums.isEmpty() && sums.getFirst().at().isBefore(first)) {
      first = sums.getFirst().at();
    }
    Window window = new Window(first, now, hours, keptHours, hours > keptHours);
    ChronoUnit unit = interval == Interval.DAY ? ChronoUnit.DAYS : ChronoUnit.HOURS;
    return new Timeseries(window, interval, points(sums, first, now, unit));
  }

  /** What is stored and settled, and then what is in memory. */
  private List<PeriodSum> sums(List<PeriodSum> stored, Instant from) {
    List<PeriodSum> sums = new ArrayList<>(stored);
    for (HourRecord record : unsettledHours()) {
      if (!record.hour().isBefore(from)) {
        sums.add(record.sum());
      }
    }
    return sums;
  }

  private static List<Timeseries.Point> points(
      List<PeriodSum> sums, Instant from, Instant to, ChronoUnit unit) {
    Map<Instant, PeriodSum> periods = new HashMap<>();
    PeriodSum.byPeriod(sums, unit).forEach(sum -> periods.put(sum.at(), sum));
    List<Timeseries.Point> points = new ArrayList<>();
    for (Instant at = from.truncatedTo(unit); !at.isAfter(to); at = at.plus(1, unit)) {
      points.add(periods.getOrDefault(at, PeriodSum.none(at)).point());
    }
    return points;
  }

  /**
   * Day by day (UTC), the oldest first, also days in which nothing happened; the last one is still
   * running. Days before the first one that anything is known of are left out.
   *
   * @param days how many, the running one included, 1 to 90
   * @throws IllegalArgumentException if {@code days} is out of range
   * @throws UncheckedIOException if the store cannot be read
   */
  public List<Timeseries.Point> days(int days) {
    Check.that(days >= 1 && days <= DAYS, "days must be 1 to 90, was %d", days);
    lock.lock();
    try {
      restore();
      Instant now = ledger.now();
      Instant asked = now.truncatedTo(ChronoUnit.DAYS).minus(days - 1, ChronoUnit.DAYS);
      List<PeriodSum> sums = sums(store.days(asked, unsettled), asked);
      Instant first = sums.isEmpty() ? now : sums.getFirst().at();
      return points(sums, first, now, ChronoUnit.DAYS);
    } finally {
      lock.unlock();
    }
  }
}
