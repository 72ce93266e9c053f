package dev.belay.ledger;

import dev.belay.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The buckets in which latencies are counted: four for each power of two from 65 µs to 18 min, so
 * that a percentile is at most a quarter too high and never too low.
 */
final class Latencies {
  private static final int STEPS = 4;
  private static final int LEAST_POWER = 16;
  private static final int END_POWER = 40;

  static final int BUCKETS = 1 + (END_POWER - LEAST_POWER) * STEPS;

  private Latencies() {}

  static int bucket(long nanos) {
    if (nanos < 1L << LEAST_POWER) {
      return 0;
    }
    int power = 63 - Long.numberOfLeadingZeros(nanos);
    if (power >= END_POWER) {
      return BUCKETS - 1;
    }
    int step = (int) (nanos >>> (power - 2)) & (STEPS - 1);
    return 1 + (power - LEAST_POWER) * STEPS + step;
  }

  private static long upperEnd(int bucket) {
    if (bucket == 0) {
      return 1L << LEAST_POWER;
    }
    int power = LEAST_POWER + (bucket - 1) / STEPS;
    int step = (bucket - 1) % STEPS;
    return (1L << (power - 2)) * (STEPS + step + 1);
  }

  /** A copy of counts that somebody else kept, once they prove to be such. */
  static List<Long> checked(List<Long> latencies) {
    Check.that(
        latencies.size() == BUCKETS,
        "there must be %d latency buckets, were %d",
        BUCKETS,
        latencies.size());
    for (long count : latencies) {
      Check.that(count >= 0, "latency counts must be 0 or more, was %d", count);
    }
    return List.copyOf(latencies);
  }

  static List<Long> sum(List<Long> one, List<Long> other) {
    List<Long> sum = new ArrayList<>(BUCKETS);
    for (int i = 0; i < BUCKETS; i++) {
      sum.add(one.get(i) + other.get(i));
    }
    return sum;
  }

  static Percentiles percentiles(List<Long> latencies) {
    return percentiles(latencies.stream().mapToLong(Long::longValue).toArray(), 0);
  }

  /** Percentiles of what was counted in {@code cells} from {@code offset} on. */
  static Percentiles percentiles(long[] cells, int offset) {
    long count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      count += cells[offset + i];
    }
    return count == 0
        ? Percentiles.NONE
        : new Percentiles(
            percentile(cells, offset, Math.ceilDiv(count * 50, 100)),
            percentile(cells, offset, Math.ceilDiv(count * 95, 100)),
            percentile(cells, offset, Math.ceilDiv(count * 99, 100)));
  }

  private static Duration percentile(long[] cells, int offset, long rank) {
    int bucket = 0;
    long below = cells[offset];
    while (below < rank) {
      bucket++;
      below += cells[offset + bucket];
    }
    return Duration.ofNanos(upperEnd(bucket));
  }
}
