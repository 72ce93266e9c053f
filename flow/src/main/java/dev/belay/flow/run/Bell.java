package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Waits that end when their time is over or when somebody rings, whichever comes first. Safe for
 * any number of threads.
 */
final class Bell {
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<CountDownLatch> sleepers = new LinkedHashSet<>();

  Bell(Time time) {
    this.time = time;
  }

  /**
   * Waits.
   *
   * @param nanos at most so long
   * @param needless asked once nothing that rings can be missed any more; true does not wait
   */
  void await(long nanos, BooleanSupplier needless) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    change(latch, true);
    Time.Timer timer = time.after(nanos, Runnable::run, latch::countDown);
    try {
      if (!needless.getAsBoolean()) {
        latch.await();
      }
    } finally {
      timer.cancel();
      change(latch, false);
    }
  }

  private void change(CountDownLatch latch, boolean in) {
    lock.lock();
    try {
      var unused = in ? sleepers.add(latch) : sleepers.remove(latch);
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all who wait. */
  void ring() {
    lock.lock();
    try {
      sleepers.forEach(CountDownLatch::countDown);
    } finally {
      lock.unlock();
    }
  }
}
