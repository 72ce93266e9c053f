package dev.belay.chaos.inject.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a lease up, and remembers if there was nothing left to keep. Safe for any number of
 * threads.
 */
final class Renewal {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
  private static final int RENEWALS_A_LEASE = 3;

  private final FaultMode how;
  private final Applied applied;
  private final ExecutorClient.Surroundings around;
  private final long everyNanos;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private Time.@Nullable Timer timer;

  @GuardedBy("lock")
  private boolean over;

  @GuardedBy("lock")
  private @Nullable ExecutorException gone;

  Renewal(FaultMode how, Applied applied, Duration lease, ExecutorClient.Surroundings around) {
    this.how = how;
    this.applied = applied;
    this.around = around;
    this.everyNanos = lease.toNanos() / RENEWALS_A_LEASE;
  }

  /** Renews it a while from now, and again and again. */
  void begin() {
    lock.lock();
    try {
      if (!over) {
        timer = around.time().after(everyNanos, around.executor(), this::renew);
      }
    } finally {
      lock.unlock();
    }
  }

  private void renew() {
    try {
      how.renew(applied);
    } catch (ExecutorException failed) {
      LOG.warn("the lease of {} is not renewed: {}", applied.name(), failed.getMessage());
      if (failed.code() == Code.FAULTS_GONE) {
        remember(failed);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    }
    begin();
  }

  /** A renewal that comes after the removal finds nothing, and nothing is wrong then. */
  private void remember(ExecutorException failed) {
    lock.lock();
    try {
      if (!over) {
        gone = failed;
        over = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Renews it no more. */
  void stop() {
    lock.lock();
    try {
      over = true;
      if (timer != null) {
        timer.cancel();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does nothing, unless a renewal found that there was nothing in force.
   *
   * @throws ExecutorException if so
   */
  void refuseIfGone() throws ExecutorException {
    lock.lock();
    try {
      if (gone != null) {
        throw gone;
      }
    } finally {
      lock.unlock();
    }
  }
}
