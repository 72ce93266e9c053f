package dev.belay.ledger;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hourly tallies for each of a bounded number of keys. What does not fit is counted under {@link
 * AttemptLedger#OTHER}; once an hour, if need be, keys with nothing left to tell make room. Safe
 * for any number of threads.
 */
final class KeySpace {
  private static final int LONGEST_KEY = 300;

  private final int limit;
  private final int cells;
  private final int hours;
  private final Map<String, Keyed> keys = new ConcurrentHashMap<>();
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicLong lastSweep = new AtomicLong(Long.MIN_VALUE);
  private final Ring other;

  KeySpace(int limit, int cells, int hours) {
    this.limit = limit;
    this.cells = cells;
    this.hours = hours;
    this.other = new Ring(hours, cells);
  }

  /** The ring of one key, and the last hour in which it was used. */
  private static final class Keyed extends Ring {
    private static final long RETIRED = Long.MAX_VALUE;

    private final AtomicLong lastHour;

    Keyed(int hours, int cells, long hour) {
      super(hours, cells);
      lastHour = new AtomicLong(hour);
    }

    /** False if it has been retired: what is counted in it would be lost. */
    boolean use(long hour) {
      long last = lastHour.get();
      while (last < hour) {
        long seen = lastHour.compareAndExchange(last, hour);
        if (seen == last) {
          return true;
        }
        last = seen;
      }
      return last != RETIRED;
    }

    boolean retire(long before) {
      long last = lastHour.get();
      return last < before && lastHour.compareAndSet(last, RETIRED);
    }
  }

  /** The tally to count in. */
  Tally at(String key, long hour) {
    while (true) {
      Keyed keyed = keys.get(key);
      if (keyed == null) {
        keyed = admit(key, hour);
      }
      if (keyed == null) {
        return other.at(hour);
      }
      if (keyed.use(hour)) {
        return keyed.at(hour);
      }
      // retired between finding it and using it
      keys.remove(key, keyed);
    }
  }

  private @Nullable Keyed admit(String key, long hour) {
    if (key.length() > LONGEST_KEY || key.equals(AttemptLedger.OTHER)) {
      return null;
    }
    if (taken.get() >= limit) {
      sweep(hour);
    }
    return keys.computeIfAbsent(key, absent -> reserve() ? new Keyed(hours, cells, hour) : null);
  }

  private boolean reserve() {
    if (taken.incrementAndGet() <= limit) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  private void sweep(long hour) {
    long last = lastSweep.get();
    if (last >= hour || !lastSweep.compareAndSet(last, hour)) {
      return;
    }
    keys.values().removeIf(keyed -> retires(keyed, hour - hours + 1));
  }

  private boolean retires(Keyed keyed, long before) {
    boolean retired = keyed.retire(before);
    if (retired) {
      taken.decrementAndGet();
    }
    return retired;
  }

  /** What was counted from one hour to another, both included, by key. */
  <T> SortedMap<String, T> sums(long from, long to, Function<long[], T> view) {
    SortedMap<String, T> sums = new TreeMap<>();
    long[] buffer = new long[cells];
    keys.forEach((key, keyed) -> {
      if (keyed.addTo(buffer, from, to)) {
        sums.put(key, view.apply(buffer));
        Arrays.fill(buffer, 0);
      }
    });
    if (other.addTo(buffer, from, to)) {
      sums.put(AttemptLedger.OTHER, view.apply(buffer));
    }
    return sums;
  }
}
