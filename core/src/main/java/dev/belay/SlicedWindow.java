package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts over a length of time, in slices. A cell holds the number of its slice and the count in
 * one {@code long}, so that a stale slice needs no sweeper: whoever writes next sees the old number
 * and starts afresh. Successes start in one stripe; the first time two threads collide there, they
 * get a stripe each, far enough apart to share no cache line.
 */
final class SlicedWindow implements CallWindow {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int RING = 16;
  private static final int STRIDE = 32;
  private static final int COUNT_BITS = 36;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long SLICE_MASK = (1L << (64 - COUNT_BITS)) - 1;

  private final Time time;
  private final long origin;
  private final int shift;
  private final int slices;
  private final long[] successes = new long[RING];
  private final long[] failures = new long[RING];
  private final long @Nullable [] slows;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long @Nullable [] stripes;

  SlicedWindow(long windowNanos, boolean countsSlow, Time time) {
    this.time = time;
    this.origin = time.coarseNanos();
    // a power of two, so that the number of the slice is a shift and not a division
    this.shift = Math.max(0, 63 - Long.numberOfLeadingZeros(Math.max(1, windowNanos / 8)));
    this.slices = (int) Math.ceilDiv(windowNanos, 1L << shift);
    this.slows = countsSlow ? new long[RING] : null;
  }

  @Override
  public void success() {
    long slice = (time.coarseNanos() - origin) >> shift;
    long[] striped = stripes;
    if (striped != null) {
      int stripe = spread(Thread.currentThread().threadId()) & (striped.length / STRIDE - 1);
      add(striped, stripe * STRIDE, slice);
      return;
    }
    int at = (int) slice & (RING - 1);
    long cell = (long) CELLS.getOpaque(successes, at);
    if (isOf(slice, cell)) {
      if (!CELLS.compareAndSet(successes, at, cell, cell + 1)) {
        collided(slice);
      }
    } else {
      add(successes, 0, slice);
    }
  }

  private void collided(long slice) {
    // whoever comes second must not throw away what was counted in the first one's stripes
    lock.lock();
    try {
      if (stripes == null) {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 64);
        stripes = new long[Integer.highestOneBit(2 * threads - 1) * STRIDE];
      }
    } finally {
      lock.unlock();
    }
    add(successes, 0, slice);
  }

  /** Neighbouring thread numbers land in different stripes. */
  private static int spread(long threadId) {
    return (int) (threadId ^ (threadId >>> 6));
  }

  @Override
  public void failure() {
    add(failures, 0, (time.coarseNanos() - origin) >> shift);
  }

  @Override
  public void slow(boolean failed) {
    long slice = (time.coarseNanos() - origin) >> shift;
    add(failed ? failures : successes, 0, slice);
    if (slows != null) {
      add(slows, 0, slice);
    }
  }

  private static void add(long[] cells, int base, long slice) {
    int at = base + ((int) slice & (RING - 1));
    while (true) {
      long cell = (long) CELLS.getOpaque(cells, at);
      if (isOf(slice, cell)) {
        CELLS.getAndAdd(cells, at, 1L);
        return;
      }
      if (CELLS.compareAndSet(cells, at, cell, (slice << COUNT_BITS) | 1)) {
        return;
      }
    }
  }

  private static boolean isOf(long slice, long cell) {
    return ((cell ^ (slice << COUNT_BITS)) & ~COUNT_MASK) == 0;
  }

  @Override
  public Counts counts() {
    long slice = (time.coarseNanos() - origin) >> shift;
    long good = sum(successes, 0, slice);
    long[] striped = stripes;
    if (striped != null) {
      for (int base = 0; base < striped.length; base += STRIDE) {
        good += sum(striped, base, slice);
      }
    }
    long bad = sum(failures, 0, slice);
    return new Counts(good + bad, bad, slows == null ? 0 : sum(slows, 0, slice));
  }

  private long sum(long[] cells, int base, long slice) {
    long sum = 0;
    for (int i = 0; i < RING; i++) {
      long cell = (long) CELLS.getOpaque(cells, base + i);
      long age = (slice - (cell >>> COUNT_BITS)) & SLICE_MASK;
      if (age < slices) {
        sum += cell & COUNT_MASK;
      }
    }
    return sum;
  }
}
