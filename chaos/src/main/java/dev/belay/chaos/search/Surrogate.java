package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.propose.Forest;
import dev.belay.chaos.propose.Growth;
import dev.belay.chaos.propose.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Learns from all trials which faults, and how strong, make the system do what no fault explains.
 * It asks in turn for the plan of which most improvement is expected, and for one of which it is
 * least clear whether it fails. Failures of one kind count as one trial in all, and what is known
 * to fail is not asked for, so that no defect keeps it busy.
 */
final class Surrogate implements Arm {
  private static final Growth GROWTH = Growth.CART.withTrees(30).withMinLeaf(2);
  private static final int LEAST = 20;
  private static final int LATEST = 400;
  private static final int ANY = 100;
  private static final int NEAR = 200;
  private static final int BEST = 10;

  private boolean atTheEdge;

  private record Choice(FaultPlan plan, double worth) {}

  @Override
  public String name() {
    return "surrogate";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    List<Tried> tried = known.tried();
    if (tried.size() < LEAST) {
      return Optional.empty();
    }
    List<Tried> latest = tried.subList(Math.max(0, tried.size() - LATEST), tried.size());
    List<FaultPlan> candidates = candidates(latest, known, random);
    double[][] rows = new double[candidates.size()][];
    PlanRow features = new PlanRow(known.space());
    for (int i = 0; i < rows.length; i++) {
      rows[i] = features.of(candidates.get(i));
    }
    double[] worth =
        atTheEdge
            ? doubts(latest, features, rows, random.nextLong())
            : gains(latest, features, rows, random.nextLong());
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      choices.add(new Choice(candidates.get(i), worth[i]));
    }
    choices.sort(Comparator.comparingDouble(Choice::worth).reversed());
    Optional<FaultPlan> best =
        choices.stream()
            .map(Choice::plan)
            .filter(plan -> !known.isPointless(plan) && !known.held(plan))
            .findFirst();
    atTheEdge ^= best.isPresent();
    return best;
  }

  /** How much more than the best that held each is expected to show. */
  private static double[] gains(List<Tried> tried, PlanRow features, double[][] rows, long seed) {
    Samples samples = new Samples(features.levels());
    double best = 0;
    for (Tried one : tried) {
      if (one.held()) {
        samples.add(features.of(one.plan()), one.score());
        best = Math.max(best, one.score());
      }
    }
    double[] gains = new double[rows.length];
    if (samples.size() > 0) {
      double[] variances = new double[rows.length];
      Forest.fit(samples, GROWTH, seed).predict(rows, rows.length, gains, variances);
      for (int i = 0; i < rows.length; i++) {
        gains[i] = improvement(gains[i], Math.sqrt(variances[i]), best);
      }
    }
    return gains;
  }

  /** How much more than a best one a logistic value is expected to be. */
  private static double improvement(double mean, double deviation, double best) {
    double scale = Math.max(1e-6, deviation * Math.sqrt(3) / Math.PI);
    double z = (mean - best) / scale;
    return scale * (z > 30 ? z : Math.log1p(Math.exp(z)));
  }

  /** How far from certain it is whether each fails, 0 to 1. */
  private static double[] doubts(List<Tried> tried, PlanRow features, double[][] rows, long seed) {
    Map<String, Integer> kinds = new HashMap<>();
    tried.forEach(one -> one.failure().ifPresent(kind -> kinds.merge(kind, 1, Integer::sum)));
    Samples samples = new Samples(features.levels());
    for (Tried one : tried) {
      double weight = one.failure().map(kind -> 1.0 / kinds.getOrDefault(kind, 1)).orElse(1.0);
      samples.add(features.of(one.plan()), one.held() ? 0 : 1, weight);
    }
    double[] odds = new double[rows.length];
    double[] variances = new double[rows.length];
    Forest.fit(samples, GROWTH.withMinLeaf(1), seed).predict(rows, rows.length, odds, variances);
    for (int i = 0; i < rows.length; i++) {
      odds[i] = 1 - 2 * Math.abs(odds[i] - 0.5);
    }
    return odds;
  }

  /** Any plans, and such as differ in one fault from those that showed most. */
  private static List<FaultPlan> candidates(
      List<Tried> tried, Knowledge known, RandomGenerator random) {
    List<FaultPlan> candidates = new ArrayList<>();
    for (int i = 0; i < ANY; i++) {
      candidates.add(any(known, random));
    }
    List<FaultPlan> best =
        tried.stream()
            .filter(one -> one.plan().size() > 0)
            .filter(one -> one.held() || !known.isKnownToFail(one.plan()))
            .sorted(Comparator.comparingDouble(Tried::score).reversed())
            .limit(BEST)
            .map(Tried::plan)
            .toList();
    for (int i = 0; i < NEAR && !best.isEmpty(); i++) {
      candidates.add(near(best.get(i % best.size()), known, random));
    }
    return candidates;
  }

  private static FaultPlan any(Knowledge known, RandomGenerator random) {
    FaultPlan plan = FaultPlan.NONE;
    int most = Math.min(known.space().together(), known.space().edges().size());
    for (int count = random.nextInt(1, most + 1); count > 0; count--) {
      plan = more(plan, known, random);
    }
    return plan;
  }

  /** One fault more, at a call that is free; the same if there is none. */
  private static FaultPlan more(FaultPlan plan, Knowledge known, RandomGenerator random) {
    List<Edge> free =
        known.space().edges().stream().filter(edge -> !Faults.strikes(plan, edge)).toList();
    return free.isEmpty()
        ? plan
        : plan.and(known.space().anyLevel(free.get(random.nextInt(free.size())), random));
  }

  /** One fault is another one, as strong in another way, or there is one more. */
  private static FaultPlan near(FaultPlan plan, Knowledge known, RandomGenerator random) {
    boolean full = plan.size() >= known.space().together();
    Fault one = plan.faults().get(random.nextInt(plan.size()));
    return switch (random.nextInt(full ? 2 : 3)) {
      case 0 -> plan.without(one).and(known.space().nearby(one, random));
      case 1 -> more(plan.without(one), known, random);
      default -> more(plan, known, random);
    };
  }
}
