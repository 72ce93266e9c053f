package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Cells that many threads count in. It begins with one row of cells; each time two threads meet in
 * one, the threads are spread over twice as many. A row is made by the first thread that counts in
 * it, and none is ever taken away, so no count is lost. After the {@code Striped64} of the JDK.
 */
final class Stripes {
  private static final VarHandle ROWS = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle WIDTH = width();

  /** As far from the next row's cells, and from the length of its own array, as caches fetch. */
  private static final int GAP = 16;

  private static final int MOST = 64;

  private final long[] @Nullable [] rows = new long[most()][];

  /** Over how many rows threads are spread; a power of two. */
  private volatile int width = 1;

  private static VarHandle width() {
    try {
      return MethodHandles.lookup().findVarHandle(Stripes.class, "width", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** More than there are processors, so that few of the threads that run share one. */
  private static int most() {
    int least = Math.clamp(4L * Runtime.getRuntime().availableProcessors(), 8, MOST);
    return Integer.highestOneBit(least);
  }

  /** Counts one for a thread. */
  void add(long threadId, long slice) {
    int spread = width;
    long[] cells = row(place(threadId, spread));
    if (!Slices.tryAdd(cells, GAP, slice)) {
      if (spread < rows.length) {
        WIDTH.compareAndSet(this, spread, 2 * spread);
      }
      Slices.add(cells, GAP, slice);
    }
  }

  /**
   * Fibonacci hashing: numbers in a row, and every so many, land in different rows. It is the
   * highest bits that do that.
   */
  static int place(long threadId, int spread) {
    long hash = threadId * 0x9E3779B97F4A7C15L;
    return (int) (hash >>> 1 >>> (Long.SIZE - 1 - Integer.numberOfTrailingZeros(spread)));
  }

  private long[] row(int at) {
    long[] there = (long[]) ROWS.getAcquire(rows, at);
    if (there != null) {
      return there;
    }
    long[] made = new long[GAP + Slices.RING];
    long[] before = (long[]) ROWS.compareAndExchange(rows, at, null, made);
    return before == null ? made : before;
  }

  /** All that was counted in the {@code slices} up to {@code slice}. */
  long sum(long slice, int slices) {
    long sum = 0;
    for (int at = 0; at < rows.length; at++) {
      long[] cells = (long[]) ROWS.getAcquire(rows, at);
      sum += cells == null ? 0 : Slices.sum(cells, GAP, slice, slices);
    }
    return sum;
  }
}
