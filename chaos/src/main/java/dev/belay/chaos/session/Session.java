package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.BudgetSpent;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.score.Score;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

  /** So many trials in a row that cannot be made mean that none can. */
  static final int MOST_FAILURES = 5;

  private final SessionLog log;
  private final Experiment experiment;
  private final Time time;
  private final GuardedTarget target;
  private final HealthyLooks looks;
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

  private int failures;
  private int asked;

  Session(SessionLog log, Experiment experiment, Time time, Executor watches) {
    this.log = log;
    this.experiment = experiment;
    this.time = time;
    this.target =
        new GuardedTarget(
            experiment.target(),
            experiment.bounds(),
            experiment.probes(),
            entry -> log.add(new Entry.Safety(entry)),
            new GuardedTarget.Clockwork(time, watches));
    this.looks = new HealthyLooks(log, experiment.bounds().settings(), target, time);
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
    boolean resumed = log.state() != SessionState.PENDING;
    if (!resumed) {
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
    Optional<List<Observation>> healthy = healthy();
    if (healthy.isEmpty()) {
      return;
    }
    Search search = experiment.search(healthy.get());
    Experiment.Scoring scoring = experiment.scoring(healthy.get());
    Optional<Replay> before = Replay.of(log, search);
    if (before.isEmpty()) {
      fail("the search has changed since the session began; start a new one");
      return;
    }
    log.found(search.defects());
    asked = before.get().asked();
    Optional<String> broken;
    int parallel = Math.min(log.spec().parallel(), experiment.mostParallel());
    try (Lanes lanes = new Lanes(target, time, parallel)) {
      broken = search(search, scoring, lanes, before.get().open());
    }
    if (broken.isPresent()) {
      fail(broken.get());
    } else {
      complete(end(0).orElse("all there was to try has been tried"));
    }
  }

  /** Makes trial after trial, until none is to begin; or says why none can be made. */
  private Optional<String> search(
      Search search, Experiment.Scoring scoring, Lanes lanes, Deque<Lanes.Trying> open)
      throws InterruptedException {
    while (true) {
      if (!looks.isDue()) {
        fill(lanes, search, open);
      } else if (lanes.isIdle() && end(0).isEmpty()) {
        Optional<String> broken = look(scoring);
        if (broken.isPresent()) {
          return broken;
        }
        continue;
      }
      if (lanes.isIdle()) {
        return Optional.empty();
      }
      Optional<String> broken = conclude(search, scoring, lanes.take());
      if (broken.isPresent()) {
        return broken;
      }
    }
  }

  /** Begins as many trials as there is room for; those first that were cut off before. */
  private void fill(Lanes lanes, Search search, Deque<Lanes.Trying> open) {
    while (!lanes.isFull() && end(lanes.running()).isEmpty()) {
      Optional<Lanes.Trying> next = Optional.ofNullable(open.poll());
      if (next.isEmpty()) {
        next = search.next().map(proposal -> new Lanes.Trying(asked + 1, proposal, now()));
      }
      if (next.isEmpty()) {
        return;
      }
      begin(lanes, next.get().number(), next.get().proposal());
    }
  }

  private void begin(Lanes lanes, int number, Proposal proposal) {
    asked = Math.max(asked, number);
    Instant at = now();
    log.add(new Entry.Applying(number, proposal, at));
    LOG.debug("session {} trial {}: {} by {}", log.id(), number, proposal.plan(), proposal.arm());
    lanes.begin(new Lanes.Trying(number, proposal, at));
  }

  /** What the healthy system does; nothing if the session has ended over it. */
  private Optional<List<Observation>> healthy() throws InterruptedException {
    List<Observation> healthy = new ArrayList<>(log.healthy());
    while (healthy.size() < experiment.healthyRuns()) {
      Optional<String> end = end(0);
      if (end.isPresent()) {
        complete(end.get());
        return Optional.empty();
      }
      try {
        Observation seen = target.run(FaultPlan.NONE);
        log.add(new Entry.Healthy(seen));
        healthy.add(seen);
        failures = 0;
      } catch (TargetFailed failed) {
        if (++failures >= MOST_FAILURES) {
          fail(
              "the healthy system could not be tried %d times in a row: %s"
                  .formatted(failures, failed.getMessage()));
          return Optional.empty();
        }
      }
    }
    return Optional.of(healthy);
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

  /** Looks at the system without a fault; says why if it can never be asked. */
  private Optional<String> look(Experiment.Scoring scoring) throws InterruptedException {
    try {
      looks.look(scoring);
      failures = 0;
      return Optional.empty();
    } catch (TargetFailed failed) {
      return ++failures < MOST_FAILURES
          ? Optional.empty()
          : Optional.of(
              "the system could not be tried %d times in a row: %s"
                  .formatted(failures, failed.getMessage()));
    }
  }

  /** Takes what came of a trial; says why if it seems that none can be made any more. */
  private Optional<String> conclude(Search search, Experiment.Scoring scoring, Lanes.Ended ended) {
    Lanes.Trying begun = ended.trying();
    Trial.Result result;
    if (ended.seen().isPresent()) {
      Observation seen = ended.seen().get();
      Score score = scoring.score(begun.proposal().plan(), seen);
      result = new Trial.Seen(seen, score, search.saw(begun.number(), seen, score));
      failures = 0;
    } else {
      search.failed(begun.number());
      result = new Trial.Failed(ended.why());
      failures++;
    }
    Trial trial = new Trial(begun.number(), begun.proposal(), result, begun.at(), ended.took());
    log.found(search.defects());
    log.add(new Entry.Done(trial));
    tell(trial);
    return failures < MOST_FAILURES
        ? Optional.empty()
        : Optional.of("%d trials in a row could not be made: %s".formatted(failures, ended.why()));
  }

  private void tell(Trial trial) {
    trial
        .seen()
        .filter(seen -> seen.insight().isNew())
        .ifPresent(seen ->
            LOG.info(
                "session {} trial {}: new failure {} under {}",
                log.id(),
                trial.number(),
                seen.insight().failure().orElse(""),
                trial.proposal().plan()));
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

  /** Each trial takes its own faults back; this is for those that could not. */
  private void sweepLast() {
    boolean interrupted = Thread.interrupted();
    try {
      experiment.sweep();
    } catch (TargetFailed unswept) {
      LOG.error(
          "session {}: it is not known that no fault is left behind: {}",
          log.id(),
          unswept.getMessage());
    } catch (InterruptedException stopped) {
      interrupted = true;
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
      why = stop == null ? "its thread was interrupted" : stop;
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
