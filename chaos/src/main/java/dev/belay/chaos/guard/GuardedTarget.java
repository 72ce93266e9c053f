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
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A target that is tried only within a blast radius and only while the system is steady. A trial
 * that hurts the system more than it may is broken off, which takes its faults back at once; the
 * next one waits until the system has recovered. For one trial at a time.
 */
public final class GuardedTarget implements Target {
  private final Target target;
  private final BlastRadius radius;
  private final List<Probe> probes;
  private final GuardSettings settings;
  private final SafetyLog log;
  private final Time time;
  private final Executor watches;
  private int breaches;

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
   */
  public record Clockwork(Time time, Executor watches) {}

  /**
   * {@inheritDoc}
   *
   * @throws TargetFailed also if the plan goes beyond the blast radius, if the system was not
   *     steady in time, or if the trial was broken off, because it hurt or took too long
   * @throws BudgetSpent if too many trials had to be broken off: no other one may be begun
   */
  @Override
  public Observation run(FaultPlan plan) throws TargetFailed, InterruptedException {
    Optional<String> refusal = radius.refusal(plan, time.instant());
    if (refusal.isPresent()) {
      note(SafetyLog.Kind.REFUSED, refusal.get());
      throw new TargetFailed("beyond the blast radius: " + refusal.get());
    }
    if (breaches >= settings.breaches()) {
      throw new BudgetSpent(breaches);
    }
    awaitSteady(SafetyLog.Kind.HELD);
    Watch watch = new Watch(Thread.currentThread());
    Observation seen;
    try {
      watch.begin();
      seen = target.run(plan);
    } catch (InterruptedException stopped) {
      Optional<Stop> stop = watch.end();
      if (stop.isEmpty()) {
        throw stopped;
      }
      throw brokenOff(plan, stop.get());
    } finally {
      watch.end();
    }
    Optional<Stop> late = watch.end();
    if (late.isPresent()) { // the trial was over before its thread felt the interruption
      boolean unused = Thread.interrupted();
      throw brokenOff(plan, late.get());
    }
    return seen;
  }

  /** Why a trial is not let come to its end; only what hurts the system counts as a breach. */
  private record Stop(String why, boolean hurts) {}

  private TargetFailed brokenOff(FaultPlan plan, Stop stop) throws InterruptedException {
    breaches += stop.hurts() ? 1 : 0;
    note(SafetyLog.Kind.BROKEN_OFF, "%s under %s".formatted(stop.why(), plan));
    if (breaches < settings.breaches()) {
      awaitSteady(SafetyLog.Kind.PAUSED);
    }
    return new TargetFailed("broken off: " + stop.why());
  }

  /** Waits until all probes hold, which is to be soon; says so if it is not. */
  private void awaitSteady(SafetyLog.Kind late) throws InterruptedException {
    long begun = time.nanos();
    boolean said = false;
    boolean first = true;
    for (Optional<String> breach = breach(); breach.isPresent(); breach = breach()) {
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
  }

  private Optional<String> breach() throws InterruptedException {
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
    private @Nullable Stop stop;

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
      stop(new Stop(why, false));
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
        found = breach();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
      if (found.isEmpty()) {
        later();
        return;
      }
      stop(new Stop(found.get(), true));
    }

    private void stop(Stop why) {
      lock.lock();
      try {
        if (!over) {
          over = true;
          stop = why;
          trial.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    /** No interruption comes after this; gives why there was one. */
    Optional<Stop> end() {
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
