package dev.belay;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Interrupts a thread that runs too long, and takes the interrupt back if the thread was done by
 * then: code that runs later never meets an interrupt that was not meant for it. An interrupt that
 * came from somebody else before is his, and stays.
 */
final class Watchdog implements Runnable {
  private final Thread thread = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock();
  private boolean done;
  private boolean fired;

  @Override
  public void run() {
    lock.lock();
    try {
      if (!done && !thread.isInterrupted()) {
        fired = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Calls it off; true if it has fired. To be called by the watched thread. */
  boolean stop() {
    lock.lock();
    try {
      done = true;
      return fired && (Thread.interrupted() || fired);
    } finally {
      lock.unlock();
    }
  }
}
