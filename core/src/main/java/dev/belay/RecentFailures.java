package dev.belay;

import java.util.Arrays;

/**
 * The times of the last so many failures: enough to know exactly whether that many fell into the
 * window. Guarded by the breaker's lock.
 */
final class RecentFailures {
  private static final int FIRST_ROOM = 8;

  private final int threshold;
  private final long windowNanos;
  private long[] times;
  private int size;
  private int next;

  RecentFailures(int threshold, long windowNanos) {
    this.threshold = threshold;
    this.windowNanos = windowNanos;
    this.times = new long[Math.min(threshold, FIRST_ROOM)];
  }

  /** Adds one and says whether the threshold is reached. */
  boolean add(long now) {
    if (size == times.length && size < threshold) {
      times = unrolled(Math.min(threshold, size * 2));
      next = size;
    }
    times[next] = now;
    next = (next + 1) % times.length;
    size = Math.min(size + 1, times.length);
    return size == threshold && now - times[next % size] <= windowNanos;
  }

  /** How many of them lie within the window; one that is exactly as old still does. */
  int count(long now) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (now - times[i] <= windowNanos) {
        count++;
      }
    }
    return count;
  }

  private long[] unrolled(int room) {
    long[] ordered = Arrays.copyOf(times, room);
    for (int i = 0; i < size; i++) {
      ordered[i] = times[(next + i) % times.length];
    }
    return ordered;
  }
}
