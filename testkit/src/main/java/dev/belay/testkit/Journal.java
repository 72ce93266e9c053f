package dev.belay.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last 10,000 entries in order of arrival, and no more than 256 MB of them. Safe for any number
 * of threads.
 *
 * <pre>{@code
 * journal.add(line, line.length());
 * assertThat(journal.await(1, Duration.ofSeconds(5))).isTrue();
 * }</pre>
 *
 * @param <T> the entries
 */
public final class Journal<T> {
  private static final int MAX_ENTRIES = 10_000;
  private static final long MAX_BYTES = 256L << 20;

  private record Entry<T>(T value, long bytes) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  @GuardedBy("lock")
  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private long count;

  /** An empty one. */
  public Journal() {}

  /** Adds an entry that takes about that many bytes; the oldest leave where it gets too much. */
  public void add(T value, long size) {
    lock.lock();
    try {
      entries.addLast(new Entry<>(value, size));
      bytes += size;
      count++;
      while (entries.size() > MAX_ENTRIES || (bytes > MAX_BYTES && entries.size() > 1)) {
        bytes -= entries.removeFirst().bytes();
      }
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What is still there, the oldest first. */
  public List<T> entries() {
    lock.lock();
    try {
      return entries.stream().map(Entry::value).toList();
    } finally {
      lock.unlock();
    }
  }

  /** How many were added since the last clearing, forgotten ones included. */
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until that many were added; false when the time is over first.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public boolean await(long wanted, Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lock();
    try {
      while (count < wanted) {
        if (left <= 0) {
          return false;
        }
        left = added.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all and counts from 0. */
  public void clear() {
    lock.lock();
    try {
      entries.clear();
      bytes = 0;
      count = 0;
    } finally {
      lock.unlock();
    }
  }
}
