package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts over a length of time, in slices. A cell holds the number of its slice and the count in
 * one {@code long}, so that a stale slice needs no sweeper: whoever writes next sees the old number
 * and starts afresh. Successes start in one stripe; the first time two threads collide there, they
 * are spread over many, far enough apart to share no cache line.
 */
final class SlicedWindow implements CallWindow {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle FAILURES = handle("failures");
  private static final VarHandle STRIPES = handle("stripes");
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
  private final long @Nullable [] slows;

  /** Made by the first failure: most breakers never see one. */
  private volatile long @Nullable [] failures;

  /**
   * Made by the first collision; null while one stripe will do. The first place stays empty: it
   * shares a cache line with the array's length, which everybody reads.
   */
  private volatile long @Nullable [] stripes;

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(SlicedWindow.class, field, long[].class);
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
    long slice = (time.coarseNanos() - origin) >> shift;
    long[] striped = stripes;
    if (striped != null) {
      add(striped, stripeOf(Thread.currentThread().threadId(), striped) * STRIDE, slice);
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
    if (stripes == null) {
      STRIPES.compareAndSet(this, null, new long[(stripeCount() + 1) * STRIDE]);
    }
    add(successes, 0, slice);
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
    add(failed ? failureCells() : successes, 0, slice);
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
