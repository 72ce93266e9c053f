package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * For how many calls the new waits are in force, and when for more. Immutable.
 *
 * @param percent of the keys at the beginning, 0 to 100
 * @param key what is drawn by: {@code run_id}, say; the caller gives its value
 * @param salt makes this draw differ from others, so that it is not always the same who go first
 * @param stages percentages in rising order; those above {@code percent} follow by themselves, if
 *     {@code percent} has reached the first
 * @param soak how long each stage lasts before the next; shorter than {@code stages} means that the
 *     last stages do not come by themselves
 * @param halt when to stop by itself
 * @param start when the first stage began; {@link #FIRST_USE} if it begins when it is first used
 */
public record RolloutPlan(
    double percent,
    String key,
    String salt,
    List<Double> stages,
    List<Duration> soak,
    HaltRule halt,
    Instant start) {

  /** The first stage begins when the plan is first used. */
  public static final Instant FIRST_USE = Instant.EPOCH;

  /** For every call, at once. */
  public static final RolloutPlan ALL =
      new RolloutPlan(100, "run_id", "p1", List.of(), List.of(), HaltRule.NEVER, FIRST_USE);

  /**
   * When the new waits are worse than the old ones, and are taken back.
   *
   * @param errorRateIncrease by how much the share of calls that fail may be above that of the
   *     others, relative to it: 0.1 is a tenth; 0 for any
   * @param p95Increase by how much the 95th percentile of durations may be above that of the
   *     others, relative to it
   * @param minCalls on each side before anything is judged, 1 or more
   */
  public record HaltRule(double errorRateIncrease, double p95Increase, int minCalls) {
    /** Nothing halts it. */
    public static final HaltRule NEVER = new HaltRule(1e9, 1e9, Integer.MAX_VALUE);

    /** Rejects values out of range. */
    public HaltRule {
      Check.that(
          errorRateIncrease >= 0,
          "error_rate_increase must be 0 or more, was %s",
          errorRateIncrease);
      Check.that(p95Increase >= 0, "p95_latency_increase must be 0 or more, was %s", p95Increase);
      Check.that(minCalls >= 1, "min_calls must be 1 or more, was %d", minCalls);
    }
  }

  /** Rejects values out of range, and stages that fall. */
  public RolloutPlan {
    requireNonNull(salt, "salt");
    requireNonNull(halt, "halt");
    requireNonNull(start, "start");
    stages = List.copyOf(stages);
    soak = List.copyOf(soak);
    Check.that(!key.isBlank(), "key must not be empty");
    Check.that(percent >= 0 && percent <= 100, "percent must be 0 to 100, was %s", percent);
    double before = 0;
    for (double stage : stages) {
      Check.that(
          stage > before && stage <= 100, "stages must rise from above 0 to 100, were %s", stages);
      before = stage;
    }
    for (Duration length : soak) {
      Check.that(!length.isNegative(), "soak must not be negative, was %s", length);
    }
    Check.that(
        soak.size() <= stages.size(),
        "soak must have at most as many items as stages, had %d for %d",
        soak.size(),
        stages.size());
  }

  /** The percentage that is in force a while after the first stage began. */
  public double percentAfter(Duration age) {
    int at = -1;
    while (at + 1 < stages.size() && stages.get(at + 1) <= percent) {
      at++;
    }
    Duration left = age;
    double now = percent;
    while (at >= 0
        && at < soak.size()
        && at + 1 < stages.size()
        && left.compareTo(soak.get(at)) >= 0) {
      left = left.minus(soak.get(at));
      now = stages.get(++at);
    }
    return now;
  }
}
