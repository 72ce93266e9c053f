package dev.belay;

import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * The only way in which Belay learns the time, waits, or is woken. Safe for any number of threads
 * unless an implementation says otherwise.
 *
 * <p>Tests and simulations pass {@link VirtualTime}; nothing else needs to change.
 */
public interface Time {

  /** Nanoseconds on a clock that never goes back; only differences mean anything. */
  long nanos();

  /**
   * The same clock, cheaper and at most a few milliseconds behind {@link #nanos}. For windows and
   * open times, where a millisecond does not matter and a clock read does.
   */
  long coarseNanos();

  /** The wall clock in UTC, for people and for dates on the wire; never for measuring. */
  Instant instant();

  /**
   * Waits.
   *
   * @param nanos how long; nothing happens for 0 or less
   * @throws InterruptedException if the thread is interrupted before or while waiting
   */
  void sleep(long nanos) throws InterruptedException;

  /**
   * Hands {@code task} to {@code executor} after a while. The thread that keeps the time never runs
   * the task itself.
   *
   * @param nanos how long from now; 0 or less means at once
   */
  Timer after(long nanos, Executor executor, Runnable task);

  /** Something that will happen later. */
  interface Timer {
    /** Stops it if it has not been handed over yet; harmless otherwise. */
    void cancel();
  }

  /** The machine's clock. */
  static Time system() {
    return SystemTime.INSTANCE;
  }
}
