package dev.belay.chaos.session;

import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.GuardSettings;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.SafetyLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Looks at the system between trials, without a fault: what fails by itself tells nothing about
 * faults. For the thread of one session.
 */
final class HealthyLooks {
  private final SessionLog log;
  private final GuardSettings settings;
  private final GuardedTarget target;
  private final Time time;
  private long pause;

  HealthyLooks(SessionLog log, GuardSettings settings, GuardedTarget target, Time time) {
    this.log = log;
    this.settings = settings;
    this.target = target;
    this.time = time;
    this.pause = settings.every().toNanos();
  }

  /** Whether the next trial has to wait for a look that sees the system well. */
  boolean isDue() {
    int every = settings.healthyEvery();
    return every > 0 && log.trials().size() - log.well() >= every;
  }

  /** Looks once; if the system fails, says so, and waits longer each time. */
  void look(Experiment.Scoring scoring) throws TargetFailed, InterruptedException {
    Instant at = time.instant();
    long from = time.nanos();
    Observation seen = target.run(FaultPlan.NONE);
    Duration took = Duration.ofNanos(time.nanos() - from);
    Optional<String> broken =
        scoring
            .score(FaultPlan.NONE, seen)
            .failure()
            .map(worst -> "%s: %s".formatted(seen.endpoint(), worst.condition()));
    log.add(new Entry.Looked(log.trials().size(), at, took, broken));
    if (broken.isPresent()) {
      note(SafetyLog.Kind.PAUSED, "the system fails without a fault: " + broken.get());
      time.sleep(pause);
      pause = Math.min(2 * pause, Math.max(pause, settings.recovery().toNanos()));
    } else {
      pause = settings.every().toNanos();
      if (log.isPaused()) {
        note(SafetyLog.Kind.RECOVERED, "it holds without a fault again");
      }
    }
  }

  private void note(SafetyLog.Kind kind, String detail) {
    log.add(new Entry.Safety(new SafetyLog.Entry(time.instant(), kind, detail)));
  }
}
