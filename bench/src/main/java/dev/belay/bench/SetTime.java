package dev.belay.bench;

import dev.belay.Time;
import java.time.Instant;
import java.util.concurrent.Executor;

/** A clock that stands where it was set. Safe for any number of threads. */
final class SetTime implements Time {
  private volatile long nanos;

  /** Puts it to {@code nanos} after its start. */
  void set(long nanos) {
    this.nanos = nanos;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long coarseNanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public void sleep(long nanos) {
    throw new UnsupportedOperationException("nobody waits here");
  }

  @Override
  public Timer after(long nanos, Executor executor, Runnable task) {
    throw new UnsupportedOperationException("nobody waits here");
  }
}
