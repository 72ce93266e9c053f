package dev.belay.chaos.guard;

import dev.belay.Check;
import java.time.Duration;

/**
 * When an experiment is held or stopped.
 *
 * @param every how often the steady state is looked at while faults are in force; 100 ms to 60 s
 * @param recovery how long the system may take to be steady again afterwards; 1 s to 1 h
 * @param breaches how many trials may be broken off because the system was not steady, before the
 *     whole session is stopped; 1 to 1,000
 * @param trial how long one trial may take before it is broken off; 1 s to 1 h
 * @param healthyEvery after how many trials the system is looked at without a fault, because one
 *     that fails then tells nothing about faults; 0 to 1,000, 0 for never
 */
public record GuardSettings(
    Duration every, Duration recovery, int breaches, Duration trial, int healthyEvery) {
  private static final int HEALTHY_EVERY = 20;

  /** Each second, half a minute, ten trials, ten minutes for each, and a look after twenty. */
  public static final GuardSettings DEFAULT =
      new GuardSettings(Duration.ofSeconds(1), Duration.ofSeconds(30), 10, Duration.ofMinutes(10));

  /** Those with a look at the healthy system after each twenty trials. */
  public GuardSettings(Duration every, Duration recovery, int breaches, Duration trial) {
    this(every, recovery, breaches, trial, HEALTHY_EVERY);
  }

  public GuardSettings {
    Check.that(
        every.toMillis() >= 100 && every.compareTo(Duration.ofMinutes(1)) <= 0,
        "probe interval must be in 100ms..60s, was %s",
        every);
    Check.that(
        recovery.compareTo(Duration.ofSeconds(1)) >= 0
            && recovery.compareTo(Duration.ofHours(1)) <= 0,
        "recovery must be in 1s..1h, was %s",
        recovery);
    Check.that(
        breaches >= 1 && breaches <= 1_000, "error budget must be in 1..1000, was %d", breaches);
    Check.that(
        trial.compareTo(Duration.ofSeconds(1)) >= 0 && trial.compareTo(Duration.ofHours(1)) <= 0,
        "trial_timeout must be in 1s..1h, was %s",
        trial);
    Check.that(
        healthyEvery >= 0 && healthyEvery <= 1_000,
        "healthy_every must be in 0..1000, was %d",
        healthyEvery);
  }
}
