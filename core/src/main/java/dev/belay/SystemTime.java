package dev.belay;

import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The machine's clock, and the only code that reads it or sleeps. */
final class SystemTime implements Time {
  /** A constant, so that compiled code reads the time without following references to it. */
  private static final Ticker TICKER = new Ticker(System::nanoTime);

  static final SystemTime INSTANCE = new SystemTime();

  private final ScheduledThreadPoolExecutor timers = newTimers();

  private SystemTime() {}

  private static ScheduledThreadPoolExecutor newTimers() {
    var timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("belay-timer").factory());
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long coarseNanos() {
    return TICKER.nanos();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public void sleep(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long end = nanos() + nanos;
    for (long left = nanos; left > 0; left = end - nanos()) {
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  @Override
  public Timer after(long nanos, Executor executor, Runnable task) {
    Future<?> handover = timers.schedule(() -> executor.execute(task), nanos, TimeUnit.NANOSECONDS);
    return () -> handover.cancel(false);
  }
}
