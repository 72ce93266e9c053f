package dev.belay;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * Time that moves only when told to: a day of waits takes no time. Sleeping moves it and returns at
 * once; what falls due on the way happens on the way, in order. For one thread.
 *
 * <p>With the asynchronous calls of {@link Belay} it is a discrete-event simulator: start any
 * number of calls, then {@link #run}.
 */
public final class VirtualTime implements Time {
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long nanos;
  private long order;

  /** Starts at 0, which on the wall is the first moment of 2026. */
  public VirtualTime() {}

  private record Event(long at, long order, Executor executor, Runnable task) {}

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
    return EPOCH.plusNanos(nanos);
  }

  @Override
  public void sleep(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (nanos > 0) {
      moveTo(this.nanos + nanos);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  @Override
  public Timer after(long nanos, Executor executor, Runnable task) {
    Event event = new Event(this.nanos + Math.max(0, nanos), order++, executor, task);
    events.add(event);
    return () -> events.remove(event);
  }

  /** Moves on by {@code length}, and lets everything happen that falls due until then. */
  public void advance(Duration length) {
    moveTo(nanos + length.toNanos());
  }

  /** Moves on until nothing is due any more. */
  public void run() {
    for (Event next = events.peek(); next != null; next = events.peek()) {
      moveTo(next.at());
    }
  }

  /** How far it has moved since it was made. */
  public Duration passed() {
    return Duration.ofNanos(nanos);
  }

  private void moveTo(long target) {
    for (Event next = events.peek(); next != null && next.at() <= target; next = events.peek()) {
      events.remove();
      nanos = Math.max(nanos, next.at());
      next.executor().execute(next.task());
    }
    nanos = Math.max(nanos, target);
  }
}
