package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Rings of cells, one for each slice of time. A cell holds the number of its slice and the count in
 * one {@code long}, so that a stale slice needs no sweeper: whoever writes next sees the old number
 * and starts afresh.
 */
final class Slices {
  /** How many cells a ring has. */
  static final int RING = 16;

  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int COUNT_BITS = 36;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long SLICE_MASK = (1L << (64 - COUNT_BITS)) - 1;

  private Slices() {}

  /** Counts one where nobody else ever writes. */
  static void addAlone(long[] cells, long slice) {
    int at = (int) slice & (RING - 1);
    long cell = (long) CELLS.getOpaque(cells, at);
    CELLS.setOpaque(cells, at, counted(slice, cell));
  }

  /** Counts one; false, and nothing is counted, if another thread wrote meanwhile. */
  static boolean tryAdd(long[] cells, int base, long slice) {
    int at = base + ((int) slice & (RING - 1));
    long cell = (long) CELLS.getOpaque(cells, at);
    return CELLS.compareAndSet(cells, at, cell, counted(slice, cell));
  }

  /** Counts one, whoever else does. */
  static void add(long[] cells, int base, long slice) {
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

  /** What was counted in the {@code slices} up to {@code slice}. */
  static long sum(long[] cells, int base, long slice, int slices) {
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

  private static long counted(long slice, long cell) {
    return isOf(slice, cell) ? cell + 1 : first(slice);
  }

  /** A cell that has counted once in this slice. */
  private static long first(long slice) {
    return (slice << COUNT_BITS) | 1;
  }

  private static boolean isOf(long slice, long cell) {
    return ((cell ^ (slice << COUNT_BITS)) & ~COUNT_MASK) == 0;
  }
}
