package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts over a length of time, in slices. The first thread to count owns the first row of cells,
 * which it alone writes and so without atomic operations; all other threads are spread over
 * stripes.
 */
final class SlicedWindow implements CallWindow {
  private static final VarHandle FAILURES = handle("failures", long[].class);
  private static final VarHandle STRIPES = handle("stripes", Stripes.class);
  private static final VarHandle OWNER = handle("owner", long.class);

  private final Time time;
  private final long origin;
  private final int shift;
  private final int slices;

  /** Written by the owner only. */
  private final long[] successes = new long[Slices.RING];

  private final long @Nullable [] slows;

  /** Made by the first failure: most breakers never see one. */
  private volatile long @Nullable [] failures;

  /** The id of the first thread to count; ids start at 1 and are never used twice. */
  private volatile long owner;

  /** Made when a second thread comes. */
  private volatile @Nullable Stripes stripes;

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
    this.slows = countsSlow ? new long[Slices.RING] : null;
  }

  @Override
  public void success() {
    succeeded(slice());
  }

  private long slice() {
    return (time.coarseNanos() - origin) >> shift;
  }

  private void succeeded(long slice) {
    long thread = Thread.currentThread().threadId();
    long own = owner;
    // a compare-and-set that is bound to fail would still fight over the cache line
    if (own == thread || (own == 0 && OWNER.compareAndSet(this, 0L, thread))) {
      Slices.addAlone(successes, slice);
    } else {
      stripes().add(thread, slice);
    }
  }

  private Stripes stripes() {
    Stripes there = stripes;
    if (there != null) {
      return there;
    }
    Stripes made = new Stripes();
    Stripes before = (Stripes) STRIPES.compareAndExchange(this, null, made);
    return before == null ? made : before;
  }

  @Override
  public void failure() {
    Slices.add(failureCells(), 0, slice());
  }

  @Override
  public void slow(boolean failed) {
    long slice = slice();
    if (failed) {
      Slices.add(failureCells(), 0, slice);
    } else {
      succeeded(slice);
    }
    if (slows != null) {
      Slices.add(slows, 0, slice);
    }
  }

  private long[] failureCells() {
    long[] cells = failures;
    if (cells != null) {
      return cells;
    }
    long[] made = new long[Slices.RING];
    long[] before = (long[]) FAILURES.compareAndExchange(this, null, made);
    return before == null ? made : before;
  }

  @Override
  public Counts counts() {
    // two failures at once: the later one must see the earlier
    VarHandle.fullFence();
    long slice = slice();
    Stripes striped = stripes;
    long[] failed = failures;
    long others = striped == null ? 0 : striped.sum(slice, slices);
    long good = sum(successes, slice) + others;
    long bad = failed == null ? 0 : sum(failed, slice);
    return new Counts(good + bad, bad, slows == null ? 0 : sum(slows, slice));
  }

  private long sum(long[] cells, long slice) {
    return Slices.sum(cells, 0, slice, slices);
  }
}
