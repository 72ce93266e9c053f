package dev.belay.ledger;

import dev.belay.Time;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The wall clock as it was at the start, plus the time that has passed since. When somebody sets
 * the wall clock, this one does not jump: no bucket comes twice and none is skipped. Safe for any
 * number of threads.
 */
final class SteadyClock {
  static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Time time;
  private final long offset;

  SteadyClock(Time time) {
    this.time = time;
    this.offset = nanos(time.instant()) - time.nanos();
  }

  /** Nanoseconds since the epoch. */
  long nanos() {
    return offset + time.coarseNanos();
  }

  static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
