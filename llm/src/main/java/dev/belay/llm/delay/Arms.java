package dev.belay.llm.delay;

import java.time.Duration;
import java.util.Optional;

/** How calls with the new waits do beside calls with the old ones. For one thread at a time. */
final class Arms {
  private final Arm treated = new Arm();
  private final Arm control = new Arm();

  void count(boolean isTreated, boolean failed, Duration took) {
    (isTreated ? treated : control).count(failed, took);
  }

  Rollout.Side fresh() {
    return treated.side();
  }

  Rollout.Side baseline() {
    return control.side();
  }

  /** What is worse, and by how much, if it is beyond chance. */
  Optional<String> worse(RolloutPlan.HaltRule rule) {
    if (treated.calls < rule.minCalls() || control.calls < rule.minCalls()) {
      return Optional.empty();
    }
    double here = treated.failures / treated.calls;
    double there = control.failures / control.calls;
    if (here > there * (1 + rule.errorRateIncrease()) && here - there > 2 * standardError()) {
      return Optional.of(
          "%.1f %% of the calls failed, %.1f %% of the others".formatted(here * 100, there * 100));
    }
    double slow = treated.percentile95();
    double usual = control.percentile95();
    if (slow > usual * (1 + rule.p95Increase())) {
      return Optional.of("p95 was %.3f s, %.3f s of the others".formatted(slow, usual));
    }
    return Optional.empty();
  }

  /** Of the difference of two shares. */
  private double standardError() {
    double all = treated.calls + control.calls;
    double share = (treated.failures + control.failures) / all;
    return Math.sqrt(share * (1 - share) * (1 / treated.calls + 1 / control.calls));
  }

  /** One side: counts that fade, so that the recent past weighs more. */
  private static final class Arm {
    /** 1 ms to about 3 hours in steps of 5 %. */
    private static final int STEPS = 332;

    private static final double STEP = Math.log(1.05);
    private static final double MOST_CALLS = 20_000;

    private final double[] lengths = new double[STEPS];
    private double calls;
    private double failures;

    void count(boolean failed, Duration took) {
      if (calls >= MOST_CALLS) {
        fade();
      }
      calls++;
      failures += failed ? 1 : 0;
      lengths[step(took)]++;
    }

    private void fade() {
      calls /= 2;
      failures /= 2;
      for (int i = 0; i < STEPS; i++) {
        lengths[i] /= 2;
      }
    }

    private static int step(Duration took) {
      double millis = Math.max(1, took.toMillis());
      return Math.clamp((long) (Math.log(millis) / STEP), 0, STEPS - 1);
    }

    Rollout.Side side() {
      return calls == 0
          ? new Rollout.Side(0, 0, Duration.ZERO)
          : new Rollout.Side(
              calls, failures / calls, Duration.ofMillis(Math.round(percentile95() * 1000)));
    }

    /** In seconds, rounded up to the step. */
    double percentile95() {
      double left = calls * 0.05;
      int step = STEPS - 1;
      while (step > 0 && left - lengths[step] >= 0) {
        left -= lengths[step--];
      }
      return Math.exp((step + 1) * STEP) / 1000;
    }
  }
}
