package dev.belay.chaos.guard;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A target that is tried only within a blast radius and only while the system is steady. A trial
 * that hurts the system more than it may is broken off, which takes its faults back at once, and
 * all that are under way with it, since nobody knows which of them did; the next one waits until
 * the system has recovered. Safe for as many threads as the target is.
 */
public final class GuardedTarget implements Target {
  private final Target target;
  private final BlastRadius radius;
  private final List<Probe> probes;
  private final GuardSettings settings;
  private final SafetyLog log;
  private final Time time;
  private final Executor watches;
  private final BooleanSupplier over;
  private final AtomicInteger breaches = new AtomicInteger();
  private final Set<Watch> underWay = ConcurrentHashMap.newKeySet();

  /** One looks until the system is steady; the others wait for him. */
  private final ReentrantLock steadying = new ReentrantLock();

  /**
   * A guard before a target.
   *
   * @param probes the steady state; a system without probes is always thought steady
   * @param log is told what the guard does
   */
  public GuardedTarget(
      Target target, Bounds bounds, List<Probe> probes, SafetyLog log, Clockwork clockwork) {
    this.target = target;
    this.radius = bounds.radius();
    this.settings = bounds.settings();
    this.probes = List.copyOf(probes);
    this.log = log;
    this.time = clockwork.time();
    this.watches = clockwork.watches();
    this.over = clockwork.over();
  }

  /** What an experiment may touch, and when it is held or stopped. */
  public record Bounds(BlastRadius radius, GuardSettings settings) {
    /** Those that hold unless others are set. */
    public static final Bounds DEFAULT = new Bounds(BlastRadius.DEFAULT, GuardSettings.DEFAULT);
  }

  /**
   * Who keeps the time and who looks meanwhile.
   *
   * @param watches runs the probes while a trial runs; must not be the thread of the trial, except
   *     under virtual time
   * @param over whether there is nothing to wait for any more; asked while the system is not steady
   */
  public record Clockwork(Time time, Executor watches, BooleanSupplier over) {
    /** One that waits as long as it takes. */
    public Clockwork(Time time, Executor watches) {
      this(time, watches, () -> false);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws TargetFailed also if the plan goes beyond the blast radius, if the system was not
   *     steady in time, or if the trial was broken off, because it hurt or took too long
   * @throws BudgetSpent if too many trials had to be broken off: no other one may be begun
   * @throws InterruptedException also if there is nothing to wait for any more
   */
  @Override
  public Observation run(FaultPlan plan) throws TargetFailed, InterruptedException {
    Optional<String> refusal = radius.refusal(plan);
    if (refusal.isPresent()) {
      note(SafetyLog.Kind.REFUSED, refusal.get());
      throw new TargetFailed("beyond the blast radius: " + refusal.get());
    }
    if (isSpent()) {
      throw new BudgetSpent(breaches.get());
    }
    if (!awaitSteady(SafetyLog.Kind.HELD, plan)) {
      throw new InterruptedException("nobody waits until the system is steady any more");
    }
    Watch watch = new Watch(Thread.currentThread());
    Observation seen;
    try {
      underWay.add(watch);
      watch.begin();
      seen = target.run(plan);
    } catch (InterruptedException stopped) {
      Optional<String> stop = watch.end();
      if (stop.isEmpty()) {
        throw stopped;
      }
      throw brokenOff(plan, stop.get());
    } finally {
      underWay.remove(watch);
      watch.end();
    }
    Optional<String> late = watch.end();
    if (late.isPresent()) { // the trial was over before its thread felt the interruption
      boolean unused = Thread.interrupted();
      throw brokenOff(plan, late.get());
    }
    return seen;
  }

  private boolean isSpent() {
    return breaches.get() >= settings.breaches();
  }

  /** The system is not steady, whichever trial is to blame. */
  private void breached(String why) {
    long stopped = underWay.stream().filter(watch -> watch.stop(why)).count();
    if (stopped > 0) {
      breaches.incrementAndGet();
    }
  }

  private TargetFailed brokenOff(FaultPlan plan, String why) throws InterruptedException {
    note(SafetyLog.Kind.BROKEN_OFF, "%s under %s".formatted(why, plan));
    if (!isSpent()) {
      boolean unused = awaitSteady(SafetyLog.Kind.PAUSED, FaultPlan.NONE);
    }
    return new TargetFailed("broken off: " + why);
  }

  /**
   * Waits until a plan may be tried and all probes hold, which is to be soon; says so if it is not.
   *
   * @return whether that came before nobody waits any more
   */
  private boolean awaitSteady(SafetyLog.Kind late, FaultPlan plan) throws InterruptedException {
    steadying.lockInterruptibly();
    try {
      return becomeSteady(late, plan);
    } finally {
      steadying.unlock();
    }
  }

  private boolean becomeSteady(SafetyLog.Kind late, FaultPlan plan) throws InterruptedException {
    long begun = time.nanos();
    boolean said = false;
    boolean first = true;
    for (Optional<String> breach = breach(plan); breach.isPresent(); breach = breach(plan)) {
      if (over.getAsBoolean()) {
        return false;
      }
      Duration waited = Duration.ofNanos(time.nanos() - begun);
      if (first && late == SafetyLog.Kind.HELD) {
        note(SafetyLog.Kind.HELD, breach.get());
      }
      first = false;
      if (!said && waited.compareTo(settings.recovery()) >= 0) {
        note(
            SafetyLog.Kind.PAUSED,
            "not steady after %ds: %s".formatted(waited.toSeconds(), breach.get()));
        said = true;
      }
      time.sleep(settings.every().toNanos());
    }
    if (!first) {
      note(
          SafetyLog.Kind.RECOVERED,
          "steady after %dms".formatted(Duration.ofNanos(time.nanos() - begun).toMillis()));
    }
    return true;
  }

  private Optional<String> breach(FaultPlan plan) throws InterruptedException {
    Optional<String> closed = radius.closed(plan, time.instant());
    return closed.isPresent() ? closed : unsteady();
  }

  /** What does not hold now; nothing if the system is steady. */
  public Optional<String> unsteady() throws InterruptedException {
    for (Probe probe : probes) {
      Probe.Finding finding = probe.check();
      if (!finding.holds()) {
        return Optional.of("%s: %s".formatted(probe.name(), finding.detail()));
      }
    }
    return Optional.empty();
  }

  private void note(SafetyLog.Kind kind, String detail) {
    log.add(new SafetyLog.Entry(time.instant(), kind, detail));
  }

  /** Looks at the system while one trial runs, and interrupts its thread if it has to stop. */
  private final class Watch {
    private final Thread trial;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable String stop;

    @GuardedBy("lock")
    private Time.@Nullable Timer next;

    @GuardedBy("lock")
    private Time.@Nullable Timer limit;

    @GuardedBy("lock")
    private boolean over;

    Watch(Thread trial) {
      this.trial = trial;
    }

    void begin() {
      lock.lock();
      try {
        limit = time.after(settings.trial().toNanos(), watches, this::tooLong);
      } finally {
        lock.unlock();
      }
      if (!probes.isEmpty()) {
        later();
      }
    }

    private void tooLong() {
      String why = "it took longer than trial_timeout %ds".formatted(settings.trial().toSeconds());
      boolean unused = stop(why);
    }

    private void later() {
      lock.lock();
      try {
        if (!over) {
          next = time.after(settings.every().toNanos(), watches, this::look);
        }
      } finally {
        lock.unlock();
      }
    }

    private void look() {
      Optional<String> found;
      try {
        found = unsteady();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
      if (found.isEmpty()) {
        later();
        return;
      }
      breached(found.get());
    }

    /** Whether this stops it: not if it is over anyway. */
    boolean stop(String why) {
      lock.lock();
      try {
        if (!over) {
          over = true;
          stop = why;
          trial.interrupt();
          return true;
        }
        return false;
      } finally {
        lock.unlock();
      }
    }

    /** No interruption comes after this; gives why there was one. */
    Optional<String> end() {
      lock.lock();
      try {
        over = true;
        if (next != null) {
          next.cancel();
        }
        if (limit != null) {
          limit.cancel();
        }
        return Optional.ofNullable(stop);
      } finally {
        lock.unlock();
      }
    }
  }
}
