package dev.belay.bench.criteria;

import dev.belay.Backoff;
import dev.belay.RetryPolicy;
import dev.belay.simulate.Behaviour;
import dev.belay.simulate.Latency;
import dev.belay.simulate.Load;
import dev.belay.simulate.Result;
import dev.belay.simulate.Rules;
import dev.belay.simulate.Scenario;
import dev.belay.simulate.ScriptedEndpoint;
import dev.belay.simulate.Simulation;
import dev.belay.simulate.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * SC-001, 002, 003, 005 and 010 over many seeds. A bar is met when the whole confidence interval
 * meets it.
 */
final class SimulatedCriteria {
  private static final double CALLS_PER_SECOND = 2;

  /** Breakers save a share of the attempts, and that share grows with the load. */
  private static final double BUSY_CALLS_PER_SECOND = 20;

  private static final Latency LATENCY = new Latency.LogNormal(Duration.ofMillis(200), 0.6);

  /** As the server comes, but nothing else may come between: the budget is a matter of its own. */
  private static final Rules OURS = Rules.DEFAULT.withBudget(Rules.Budget.UNLIMITED);

  private static final RetryPolicy PATIENT =
      RetryPolicy.named("six-attempts")
          .maxAttempts(6)
          .backoff(Backoff.exponential(Duration.ofMillis(200)))
          .build();

  private final Effort effort;

  SimulatedCriteria(Effort effort) {
    this.effort = effort;
  }

  List<Finding> all() {
    List<Finding> all = new ArrayList<>();
    all.addAll(successRate());
    all.add(wasted(Strategy.named("random"), "random choice"));
    all.add(latency());
    all.add(firstRetry());
    all.add(withinTwoRetries());
    return all;
  }

  private Load calm() {
    return Load.poisson(CALLS_PER_SECOND, effort.length());
  }

  private Load busy() {
    return Load.poisson(BUSY_CALLS_PER_SECOND, effort.length().dividedBy(4));
  }

  private static Scenario scenario(List<Double> world, Load load, Rules rules) {
    List<ScriptedEndpoint> endpoints = new ArrayList<>();
    List<String> names = Worlds.names(world);
    for (int i = 0; i < world.size(); i++) {
      endpoints.add(
          ScriptedEndpoint.of(names.get(i))
              .withLatency(LATENCY)
              .always(Behaviour.works(world.get(i))));
    }
    return new Scenario("criterion", "", endpoints, load, rules);
  }

  /** One value for each seed: what {@code value} makes of the same calls under both rules. */
  private Interval compared(
      List<Double> world, Load load, Rules rules, Rules baseline, Comparison value) {
    List<Double> runs = new ArrayList<>();
    for (int seed = 1; seed <= effort.seeds(); seed++) {
      Result with = Simulation.run(scenario(world, load, rules), seed);
      Result without = Simulation.run(scenario(world, load, baseline), seed);
      runs.add(value.of(with, without));
    }
    return Interval.of(runs);
  }

  /** What two runs of the same calls come to. */
  private interface Comparison {
    double of(Result with, Result without);
  }

  private Interval measured(
      List<Double> world, Load load, Rules rules, ToDoubleFunction<Result> value) {
    List<Double> runs = new ArrayList<>();
    for (int seed = 1; seed <= effort.seeds(); seed++) {
      runs.add(value.applyAsDouble(Simulation.run(scenario(world, load, rules), seed)));
    }
    return Interval.of(runs);
  }

  private String simulated() {
    return "simulated, %d seeds".formatted(effort.seeds());
  }

  List<Finding> successRate() {
    Rules once = OURS.withPolicy(RetryPolicy.NONE);
    Interval relative =
        compared(
            Worlds.TRANSIENT,
            calm(),
            OURS,
            once,
            (with, without) ->
                100 * (with.calls().successRate() / without.calls().successRate() - 1));
    Interval points =
        compared(
            Worlds.TRANSIENT,
            calm(),
            OURS,
            once,
            (with, without) -> 100 * (with.calls().successRate() - without.calls().successRate()));
    return List.of(
        new Finding(
            "SC-001", simulated(), relative + " % more successes", ">= 15 %", relative.low() >= 15),
        new Finding(
            "SC-001", simulated(), points + " points more", ">= 15 points", points.low() >= 15));
  }

  Finding wasted(Strategy strategy, String name) {
    Rules rules = OURS.withStrategy(strategy);
    Interval fewer =
        compared(
            Worlds.DEGRADED,
            busy(),
            rules,
            rules.withoutBreakers(),
            (with, without) ->
                100 * (1 - (double) with.attempts().wasted() / without.attempts().wasted()));
    return new Finding(
        "SC-002",
        simulated() + ", " + name,
        fewer + " % fewer attempts wasted",
        ">= 80 %",
        fewer.low() >= 80);
  }

  /** What the strategy that comes as standard leaves to breakers; a remark, not a criterion. */
  String wastedByBestRecent() {
    Rules none = OURS.withoutBreakers();
    Interval without = measured(Worlds.DEGRADED, busy(), none, SimulatedCriteria::wastedShare);
    Interval with = measured(Worlds.DEGRADED, busy(), OURS, SimulatedCriteria::wastedShare);
    Interval random =
        measured(
            Worlds.DEGRADED,
            busy(),
            none.withStrategy(Strategy.named("random")),
            SimulatedCriteria::wastedShare);
    return String.format(
        Locale.ROOT,
        "Share of attempts wasted there, in %%: random choice without breakers %s, best-recent"
            + " without breakers %s, best-recent with breakers %s.",
        random,
        without,
        with);
  }

  private static double wastedShare(Result result) {
    return 100.0 * result.attempts().wasted() / result.attempts().made();
  }

  Finding latency() {
    Interval p95 =
        measured(
            Worlds.TRANSIENT,
            calm(),
            OURS,
            result -> result.calls().tookWithRetry().p95().toNanos() / 1e9);
    return new Finding(
        "SC-003",
        simulated(),
        "P95 %.2f s [%.2f, %.2f]".formatted(p95.mean(), p95.low(), p95.high()),
        "< 5 s",
        p95.high() < 5);
  }

  Finding firstRetry() {
    Rules baseline = OURS.withoutBreakers().withStrategy((time, random) -> new Unfiltered(random));
    Interval better =
        compared(
            Worlds.MIXED,
            calm(),
            OURS,
            baseline,
            (with, without) -> 100 * (secondAttempts(with) / secondAttempts(without) - 1));
    return new Finding(
        "SC-005",
        simulated(),
        better + " % more successes on the first retry",
        ">= 20 %",
        better.low() >= 20);
  }

  private static double secondAttempts(Result result) {
    return (double) result.attempts().goodByNumber().get(1) / result.attempts().byNumber().get(1);
  }

  Finding withinTwoRetries() {
    Interval share =
        measured(
            Worlds.MIXED,
            calm(),
            OURS.withPolicy(PATIENT),
            result ->
                100.0
                    * result.attempts().callsByAttempts().stream()
                        .limit(3)
                        .mapToLong(Long::longValue)
                        .sum()
                    / result.calls().successes());
    return new Finding(
        "SC-010",
        simulated(),
        share + " % of successes within 2 retries",
        ">= 90 %",
        share.low() >= 90);
  }
}
