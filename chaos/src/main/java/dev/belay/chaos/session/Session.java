package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.BudgetSpent;
import dev.belay.chaos.guard.GuardedTarget;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session at work: tries plan after plan until it has tried as many as it may, its time is
 * over, or it is stopped. What is asked of it may come from any thread; the work is done by the one
 * that calls {@link #run}.
 */
final class Session implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final SessionLog log;
  private final Experiment experiment;
  private final Time time;
  private final Course course;
  private final GuardedTarget guard;
  private final ReentrantLock lock = new ReentrantLock();
  private final Duration spentBefore;
  private volatile long begun;
  private volatile boolean begins;
  private final CountDownLatch ended = new CountDownLatch(1);

  @GuardedBy("lock")
  private @Nullable Thread worker;

  @GuardedBy("lock")
  private @Nullable String stop;

  @GuardedBy("lock")
  private boolean aborted;

  @GuardedBy("lock")
  private boolean suspended;

  Session(SessionLog log, Experiment experiment, Time time, Executor watches) {
    this.log = log;
    this.experiment = experiment;
    this.time = time;
    GuardedTarget target =
        new GuardedTarget(
            experiment.target(),
            experiment.bounds(),
            experiment.probes(),
            entry -> log.add(new Entry.Safety(entry)),
            new GuardedTarget.Clockwork(time, watches, () -> end(0).isPresent()));
    this.guard = target;
    HealthyLooks looks = new HealthyLooks(log, experiment.bounds().settings(), target, time);
    this.course = new Course(log, experiment, new Course.Sight(target, looks, time), this::end);
    this.spentBefore = log.took();
  }

  SessionLog log() {
    return log;
  }

  /** How it stands. */
  SessionView view() {
    return log.view(spent());
  }

  /** By the clock that never jumps; what was spent before a crash is known by its trials. */
  private Duration spent() {
    return begins ? spentBefore.plusNanos(time.nanos() - begun) : spentBefore;
  }

  @Override
  public void run() {
    lock.lock();
    try {
      worker = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    begun = time.nanos();
    begins = true;
    try {
      work();
    } catch (InterruptedException stopped) {
      interrupted();
    } catch (UncheckedIOException unwritten) {
      sweepLast();
      String why = String.valueOf(unwritten.getMessage());
      LOG.error("session {} failed: {}", log.id(), why);
      log.failUnwritten(now(), why);
    } catch (BudgetSpent spent) {
      fail(String.valueOf(spent.getMessage()));
    } catch (RuntimeException broken) {
      LOG.error("session {} failed", log.id(), broken);
      fail("the search broke: " + broken);
    } finally {
      lock.lock();
      try {
        worker = null;
        boolean unused = Thread.interrupted();
      } finally {
        lock.unlock();
      }
      experiment.close();
      ended.countDown();
    }
  }

  private Instant now() {
    return time.instant();
  }

  private void work() throws InterruptedException {
    log.takenUp();
    if (log.state() == SessionState.PENDING) {
      log.move(SessionState.RUNNING, now(), "");
      LOG.info("session {} of {} begins", log.id(), log.spec().service());
    }
    try {
      experiment.sweep();
    } catch (TargetFailed unswept) {
      fail(
          "it is not known that no fault is left behind: %s; run belay chaos sweep once the"
                  .formatted(unswept.getMessage())
              + " executor is back");
      return;
    }
    try {
      String why = course.run();
      complete(guard.unsteady().map(breach -> why + "; not steady: " + breach).orElse(why));
    } catch (BrokenSession broken) {
      fail(String.valueOf(broken.getMessage()));
    }
  }

  /** Why no further trial is to begin while some are under way. */
  private Optional<String> end(int running) {
    lock.lock();
    try {
      if (stop != null) {
        return Optional.of(stop);
      }
    } finally {
      lock.unlock();
    }
    if (log.state() == SessionState.STOPPING) {
      return Optional.of("stopped");
    }
    if (log.trials().size() + running >= log.spec().trials()) {
      return Optional.of("all %d trials are done".formatted(log.spec().trials()));
    }
    return spent().compareTo(log.spec().budget()) >= 0
        ? Optional.of("the time budget of %ds is spent".formatted(log.spec().budget().toSeconds()))
        : Optional.empty();
  }

  private void complete(String why) {
    sweepLast();
    if (log.state() == SessionState.RUNNING && isStopped()) {
      log.move(SessionState.STOPPING, now(), why);
    }
    log.move(SessionState.COMPLETED, now(), why);
    LOG.info("session {} ends: {}", log.id(), why);
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stop != null;
    } finally {
      lock.unlock();
    }
  }

  private void fail(String why) {
    sweepLast();
    try {
      log.move(SessionState.FAILED, now(), why);
    } catch (UncheckedIOException unwritten) {
      log.failUnwritten(now(), why);
    }
    LOG.error("session {} failed: {}", log.id(), why);
  }

  /**
   * Each trial takes its own faults back; this is for those that could not. It goes on to its end,
   * however often the thread is interrupted meanwhile.
   */
  private void sweepLast() {
    boolean interrupted = Thread.interrupted();
    boolean over = false;
    while (!over) {
      try {
        experiment.sweep();
        over = true;
      } catch (TargetFailed unswept) {
        over = true;
        LOG.error(
            "session {}: it is not known that no fault is left behind: {}",
            log.id(),
            unswept.getMessage());
      } catch (InterruptedException meanwhile) {
        interrupted = true; // it begins anew, without a wait
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupted() {
    boolean goesOnLater;
    String why;
    lock.lock();
    try {
      goesOnLater = suspended;
      why = end(0).orElse("its thread was interrupted");
    } finally {
      lock.unlock();
    }
    boolean unused = Thread.interrupted();
    if (goesOnLater) {
      sweepLast();
      LOG.info("session {} is interrupted, and goes on when the server does", log.id());
      return;
    }
    try {
      complete(why);
    } catch (UncheckedIOException unwritten) {
      log.failUnwritten(now(), why);
    }
  }

  /**
   * Begins no further trial.
   *
   * @throws StateException if it has ended
   */
  void stop(String reason) {
    lock.lock();
    try {
      SessionState state = log.state();
      if (state.isOver()) {
        throw new StateException(state, "the session has ended already");
      }
      if (stop == null) {
        stop = reason;
        if (state == SessionState.RUNNING) {
          log.move(SessionState.STOPPING, now(), reason);
        }
      }
      if (worker != null && log.isPaused()) { // no trial runs; it may wait for ever
        worker.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the trial that runs, too, and takes its faults back.
   *
   * @throws StateException if it has ended
   */
  void abort(String reason) {
    stop(reason);
    lock.lock();
    try {
      if (worker != null && !aborted) {
        aborted = true;
        worker.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody works at it any more; false if it takes longer. */
  boolean awaitEnd(Duration longest) throws InterruptedException {
    return !begins || ended.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends the work, not the session: it goes on when the server comes back. */
  void suspend() {
    lock.lock();
    try {
      suspended = true;
      if (worker != null) {
        worker.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
