package dev.belay.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counters of one period. They start in one array; once threads have collided there often enough,
 * they get an array for every few threads, so that only what is really hot pays memory for speed.
 * Safe for any number of threads.
 */
final class Tally {
  private static final VarHandle STRIPES;
  private static final int COLLISIONS = 64;
  private static final int MOST_STRIPES = 8;

  static {
    try {
      STRIPES =
          MethodHandles.lookup().findVarHandle(Tally.class, "stripes", AtomicLongArray[].class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** The number of the period, counted from the epoch. */
  final long period;

  private final AtomicLongArray cells;

  /** Set once. */
  private volatile AtomicLongArray @Nullable [] stripes;

  /** May lose counts: it only has to grow where many collide. */
  private int collisions;

  Tally(long period, int cells) {
    this.period = period;
    this.cells = new AtomicLongArray(cells);
  }

  void add(int cell, long amount) {
    AtomicLongArray[] striped = stripes;
    if (striped != null) {
      addTo(striped, cell, amount);
      return;
    }
    long seen = cells.get(cell);
    if (!cells.compareAndSet(cell, seen, seen + amount)) {
      cells.getAndAdd(cell, amount);
      if (++collisions >= COLLISIONS) {
        stripe();
      }
    }
  }

  private static void addTo(AtomicLongArray[] striped, int cell, long amount) {
    long id = Thread.currentThread().threadId();
    striped[(int) (id ^ (id >>> 6)) & (striped.length - 1)].getAndAdd(cell, amount);
  }

  /** From now on counts are spread. */
  void stripe() {
    int processors = Runtime.getRuntime().availableProcessors();
    int count = Math.min(Integer.highestOneBit(4 * processors - 1), MOST_STRIPES);
    var fresh = new AtomicLongArray[count];
    for (int i = 0; i < count; i++) {
      fresh[i] = new AtomicLongArray(cells.length());
    }
    // whoever comes second uses what the first one made: nothing counted is ever thrown away
    STRIPES.compareAndSet(this, null, fresh);
  }

  /** Adds its counters to {@code sums}; a sum stops at the largest number. */
  void addTo(long[] sums) {
    add(cells, sums);
    AtomicLongArray[] striped = stripes;
    if (striped != null) {
      for (AtomicLongArray stripe : striped) {
        add(stripe, sums);
      }
    }
  }

  private static void add(AtomicLongArray from, long[] sums) {
    for (int i = 0; i < sums.length; i++) {
      long sum = sums[i] + from.getOpaque(i);
      sums[i] = sum < 0 ? Long.MAX_VALUE : sum;
    }
  }
}
