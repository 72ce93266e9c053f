package dev.belay.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** Hours and days in two maps, both guarded by the lock. */
final class MemoryLedgerStore implements LedgerStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Instant, HourRecord> hours = new TreeMap<>();
  private List<PeriodSum> days = List.of();

  @Override
  public void save(List<HourRecord> records) {
    lock.lock();
    try {
      records.forEach(record -> hours.put(record.hour(), record));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<HourRecord> load(Instant from) {
    lock.lock();
    try {
      return List.copyOf(hours.tailMap(from, true).values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<PeriodSum> hours(Instant from, Instant to) {
    return load(from).stream()
        .filter(record -> record.hour().isBefore(to))
        .map(HourRecord::sum)
        .toList();
  }

  @Override
  public List<PeriodSum> days(Instant from, Instant to) {
    Instant first = from.truncatedTo(ChronoUnit.DAYS);
    lock.lock();
    try {
      List<PeriodSum> all = new ArrayList<>(days);
      all.removeIf(day -> day.at().isBefore(first));
      all.addAll(hours(first, to));
      return PeriodSum.byDay(all);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rollUp(Instant before, Instant forget) {
    lock.lock();
    try {
      NavigableMap<Instant, HourRecord> old = hours.headMap(before, false);
      List<PeriodSum> all = new ArrayList<>(days);
      old.values().forEach(record -> all.add(record.sum()));
      all.removeIf(sum -> sum.at().isBefore(forget));
      days = PeriodSum.byDay(all);
      old.clear();
    } finally {
      lock.unlock();
    }
  }
}
