package dev.belay;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How long recent successes took, for each {@link Call#target target} by itself: what is slow for
 * one is usual for another. Keeps the {@value #LIMIT} targets that were used last, and nothing
 * before somebody asks for the first time, so that pools whose calls are never hedged pay nothing.
 * Safe for any number of threads.
 */
final class TargetLatencies {
  private static final int LIMIT = 1_000;

  private final ReentrantLock lock = new ReentrantLock();

  /** The one used longest ago first; guarded by the lock. */
  private final LinkedHashMap<String, Latencies> byTarget = new LinkedHashMap<>(16, 0.75f, true);

  private volatile boolean asked;

  void add(String target, long nanos) {
    if (asked) {
      of(target).add(nanos);
    }
  }

  /** As {@link Latencies#percentile}, of one target. */
  long percentile(String target, double share, long otherwise) {
    asked = true;
    return of(target).percentile(share, otherwise);
  }

  private Latencies of(String target) {
    lock.lock();
    try {
      Latencies known = byTarget.get(target);
      if (known != null) {
        return known;
      }
      if (byTarget.size() == LIMIT) {
        byTarget.pollFirstEntry();
      }
      Latencies fresh = new Latencies();
      byTarget.put(target, fresh);
      return fresh;
    } finally {
      lock.unlock();
    }
  }
}
