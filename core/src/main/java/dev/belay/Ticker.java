package dev.belay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A clock that costs one memory read: a daemon thread writes the time every millisecond. It sleeps
 * while nobody asks, so an idle process pays nothing. Safe for any number of threads.
 */
final class Ticker {
  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long PERIOD_NANOS = 1_000_000;
  private static final int IDLE_TICKS = 1_000;

  /** Stands for "nobody writes the time now"; no clock shows it in practice. */
  private static final long ASLEEP = Long.MIN_VALUE;

  /** The two cells lie on cache lines of their own: one is written, the other nearly never. */
  private static final int NOW = 8;

  private static final int ASKED = 24;

  private final long[] cells = new long[40];
  private final LongSupplier clock;
  private final Thread thread;

  Ticker(LongSupplier clock) {
    this.clock = clock;
    CELLS.setOpaque(cells, NOW, ASLEEP);
    this.thread = Thread.ofPlatform().daemon().name("belay-ticker").unstarted(this::tick);
    thread.start();
  }

  long nanos() {
    long now = (long) CELLS.getOpaque(cells, NOW);
    if (now == ASLEEP) {
      return wake();
    }
    if (cells[ASKED] == 0) {
      cells[ASKED] = 1;
    }
    return now;
  }

  private long wake() {
    CELLS.setVolatile(cells, ASKED, 1L);
    LockSupport.unpark(thread);
    return clock.getAsLong();
  }

  private void tick() {
    for (int idle = 0; ; ) {
      if ((long) CELLS.getAndSet(cells, ASKED, 0L) != 0) {
        idle = 0;
      } else if (++idle > IDLE_TICKS) {
        CELLS.setVolatile(cells, NOW, ASLEEP);
        LockSupport.park(this);
        idle = 0;
        continue;
      }
      CELLS.setOpaque(cells, NOW, clock.getAsLong());
      LockSupport.parkNanos(this, PERIOD_NANOS);
    }
  }
}
