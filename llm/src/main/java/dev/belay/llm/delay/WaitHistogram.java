package dev.belay.llm.delay;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How often lengths of time fell into which range. Safe for any number of threads. */
public final class WaitHistogram {
  /** Upper ends of the ranges in milliseconds; one more range takes what is longer. */
  private static final List<Long> ENDS =
      List.of(
          10L,
          50L,
          100L,
          250L,
          500L,
          1_000L,
          2_500L,
          5_000L,
          10_000L,
          30_000L,
          60_000L,
          120_000L,
          300_000L,
          600_000L,
          3_600_000L);

  private final AtomicLongArray counts = new AtomicLongArray(ENDS.size() + 1);
  private final LongAdder millis = new LongAdder();

  WaitHistogram() {}

  void add(Duration length) {
    long value = length.toMillis();
    int range = 0;
    while (range < ENDS.size() && value > ENDS.get(range)) {
      range++;
    }
    counts.incrementAndGet(range);
    millis.add(value);
  }

  /** The upper ends of all ranges but the last, which has none. */
  public List<Duration> ends() {
    return ENDS.stream().map(Duration::ofMillis).toList();
  }

  /** How many fell into a range, counted from 0. */
  public long count(int range) {
    return counts.get(range);
  }

  /** How many there were. */
  public long count() {
    long all = 0;
    for (int i = 0; i < counts.length(); i++) {
      all += counts.get(i);
    }
    return all;
  }

  /** All of them added up. */
  public Duration sum() {
    return Duration.ofMillis(millis.sum());
  }
}
