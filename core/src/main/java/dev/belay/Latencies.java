package dev.belay;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long recent successes took: counts in buckets that grow by an eighth of a power of two, so
 * that a percentile is right to 9 %. All counts are halved now and then, so that the past fades.
 * Safe for any number of threads.
 */
final class Latencies {
  private static final int STEPS = 8;
  private static final int KEPT = 2_000;

  private final AtomicIntegerArray buckets = new AtomicIntegerArray(64 * STEPS);
  private final LongAdder total = new LongAdder();

  void add(long nanos) {
    buckets.incrementAndGet(bucket(Math.max(1, nanos)));
    total.increment();
    if (total.sum() > KEPT) {
      fade();
    }
  }

  private void fade() {
    total.reset();
    for (int i = 0; i < buckets.length(); i++) {
      total.add(buckets.updateAndGet(i, count -> count / 2));
    }
  }

  /** The time below which {@code share} of them lie; {@code otherwise} if there are under 20. */
  long percentile(double share, long otherwise) {
    long count = total.sum();
    if (count < 20) {
      return otherwise;
    }
    double below = 0;
    for (int i = 0; i < buckets.length(); i++) {
      below += buckets.get(i);
      if (below >= share * count) {
        return upperEnd(i);
      }
    }
    return otherwise;
  }

  private static int bucket(long nanos) {
    int power = 63 - Long.numberOfLeadingZeros(nanos);
    long rest = power < 3 ? 0 : (nanos >>> (power - 3)) & (STEPS - 1);
    return power * STEPS + (int) rest;
  }

  private static long upperEnd(int bucket) {
    double power = Math.scalb(1.0, bucket / STEPS);
    return Nanos.ofDouble(power * (1 + (bucket % STEPS + 1) / (double) STEPS));
  }
}
