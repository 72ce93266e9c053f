package dev.belay.bench.limits;

import java.util.Arrays;
import java.util.Collection;

/** Lengths of time, sorted. */
final class Spread {
  private final long[] nanos;

  private Spread(long[] nanos) {
    this.nanos = nanos;
    Arrays.sort(nanos);
  }

  /** Of at least one length. */
  static Spread of(Collection<Long> nanos) {
    return new Spread(nanos.stream().mapToLong(Long::longValue).toArray());
  }

  int size() {
    return nanos.length;
  }

  double millis(double share) {
    int rank = (int) Math.ceil(share * nanos.length);
    return nanos[Math.max(0, rank - 1)] / 1e6;
  }

  double median() {
    return millis(0.5);
  }

  double p99() {
    return millis(0.99);
  }

  double most() {
    return millis(1);
  }

  /** A promise about the 99th percentile. */
  Limit below(String what, double barMillis) {
    return new Limit(
        "%s, %,d times".formatted(what, nanos.length),
        "median %.2f ms, p99 %.2f ms, most %.1f ms".formatted(median(), p99(), most()),
        "p99 < %.0f ms".formatted(barMillis),
        p99() < barMillis);
  }
}
