package dev.belay.testkit.llm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** The state of one key under a limit. Safe for any number of threads. */
final class Meter {

  /** Whether a request may pass, how many more may, and when the next or all of them may. */
  record Reading(boolean admitted, int remaining, Duration reset) {}

  private final RateLimit limit;
  private final long periodNanos;
  private final ReentrantLock lock = new ReentrantLock();

  /** The start of a window; in a bucket, the time at which it is full again (GCRA). */
  @GuardedBy("lock")
  private long mark;

  @GuardedBy("lock")
  private int used;

  Meter(RateLimit limit, long nanos) {
    this.limit = limit;
    this.periodNanos = limit.period().toNanos();
    this.mark = nanos;
  }

  Reading take(long nanos) {
    lock.lock();
    try {
      return switch (limit.kind()) {
        case FIXED_WINDOW -> window(nanos);
        case TOKEN_BUCKET -> bucket(nanos);
      };
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Reading window(long nanos) {
    if (nanos - mark >= periodNanos) {
      mark = nanos;
      used = 0;
    }
    // A request that was read before the window's first may come after it: it waits no longer.
    Duration left = Duration.ofNanos(Math.min(periodNanos, mark + periodNanos - nanos));
    if (used >= limit.requests()) {
      return new Reading(false, 0, left);
    }
    used++;
    return new Reading(true, limit.requests() - used, left);
  }

  @GuardedBy("lock")
  private Reading bucket(long nanos) {
    long each = Math.ceilDiv(periodNanos, limit.requests());
    long full = mark - nanos > 0 ? mark : nanos;
    long after = full + each;
    long early = after - nanos - each * limit.requests();
    if (early > 0) {
      return new Reading(false, 0, Duration.ofNanos(early));
    }
    mark = after;
    int remaining = (int) (-early / each);
    return new Reading(true, remaining, Duration.ofNanos(after - nanos));
  }
}
