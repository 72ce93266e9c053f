package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts over a length of time, in slices. A cell holds the number of its slice and the count in
 * one {@code long}, so that a stale slice needs no sweeper: whoever writes next sees the old number
 * and starts afresh. The first thread to count owns the first row of cells, which it alone writes
 * and so without atomic operations; all other threads are spread over stripes, far enough apart to
 * share no cache line.
 */
final class SlicedWindow implements CallWindow {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle FAILURES = handle("failures", long[].class);
  private static final VarHandle STRIPES = handle("stripes", long[].class);
  private static final VarHandle OWNER = handle("owner", long.class);
  private static final int RING = 16;
  private static final int STRIDE = 32;
  private static final int COUNT_BITS = 36;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long SLICE_MASK = (1L << (64 - COUNT_BITS)) - 1;

  private final Time time;
  private final long origin;
  private final int shift;
  private final int slices;

  /** Written by the owner only. */
  private final long[] successes = new long[RING];

  private final long @Nullable [] slows;

  /** Made by the first failure: most breakers never see one. */
  private volatile long @Nullable [] failures;

  /** The id of the first thread to count; ids start at 1 and are never used twice. */
  private volatile long owner;

  /**
   * Made when a second thread comes. The first place stays empty: it shares a cache line with the
   * array's length, which everybody reads.
   */
  private volatile long @Nullable [] stripes;

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(SlicedWindow.class, field, type);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

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
    succeeded((time.coarseNanos() - origin) >> shift);
  }

  private void succeeded(long slice) {
    long thread = Thread.currentThread().threadId();
    long own = owner;
    // a compare-and-set that is bound to fail would still fight over the cache line
    if (own != thread && (own != 0 || !OWNER.compareAndSet(this, 0L, thread))) {
      striped(thread, slice);
      return;
    }
    int at = (int) slice & (RING - 1);
    long cell = (long) CELLS.getOpaque(successes, at);
    CELLS.setOpaque(successes, at, isOf(slice, cell) ? cell + 1 : first(slice));
  }

  private void striped(long thread, long slice) {
    long[] striped = stripes;
    if (striped == null) {
      STRIPES.compareAndSet(this, null, new long[(stripeCount() + 1) * STRIDE]);
      striped(thread, slice);
    } else {
      add(striped, stripeOf(thread, striped) * STRIDE, slice);
    }
  }

  /** More than there are processors, so that few of the threads that run share one. */
  private static int stripeCount() {
    int least = Math.clamp(4L * Runtime.getRuntime().availableProcessors(), 8, 64);
    return Integer.highestOneBit(least);
  }

  /** Fibonacci hashing: numbers in a row, and every so many, land in different stripes. */
  private static int stripeOf(long threadId, long[] striped) {
    int count = striped.length / STRIDE - 1;
    return 1 + (int) ((threadId * 0x9E3779B97F4A7C15L) >>> Long.numberOfLeadingZeros(count - 1));
  }

  @Override
  public void failure() {
    add(failureCells(), 0, (time.coarseNanos() - origin) >> shift);
  }

  @Override
  public void slow(boolean failed) {
    long slice = (time.coarseNanos() - origin) >> shift;
    if (failed) {
      add(failureCells(), 0, slice);
    } else {
      succeeded(slice);
    }
    if (slows != null) {
      add(slows, 0, slice);
    }
  }

  private long[] failureCells() {
    long[] cells = failures;
    if (cells != null) {
      return cells;
    }
    long[] made = new long[RING];
    long[] before = (long[]) FAILURES.compareAndExchange(this, null, made);
    return before == null ? made : before;
  }

  private static void add(long[] cells, int base, long slice) {
    int at = base + ((int) slice & (RING - 1));
    while (true) {
      long cell = (long) CELLS.getOpaque(cells, at);
      if (isOf(slice, cell)) {
        CELLS.getAndAdd(cells, at, 1L);
        return;
      }
      if (CELLS.compareAndSet(cells, at, cell, first(slice))) {
        return;
      }
    }
  }

  /** A cell that has counted once in this slice. */
  private static long first(long slice) {
    return (slice << COUNT_BITS) | 1;
  }

  private static boolean isOf(long slice, long cell) {
    return ((cell ^ (slice << COUNT_BITS)) & ~COUNT_MASK) == 0;
  }

  @Override
  public Counts counts() {
    // two failures at once: the later one must see the earlier
    VarHandle.fullFence();
    long slice = (time.coarseNanos() - origin) >> shift;
    long good = sum(successes, 0, slice);
    long[] striped = stripes;
    if (striped != null) {
      for (int base = STRIDE; base < striped.length; base += STRIDE) {
        good += sum(striped, base, slice);
      }
    }
    long[] failed = failures;
    long bad = failed == null ? 0 : sum(failed, 0, slice);
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
