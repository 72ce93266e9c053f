package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Changes a plan under which the system held, but not as usual: another fault is added, taken away
 * or put in place of one. Plans that showed more and were tried less often come first, as in a
 * fuzzer that keeps a corpus.
 */
final class Mutation implements Arm {
  private static final int TRIES = 40;

  private final List<Tried> corpus = new ArrayList<>();
  private final Map<FaultPlan, Integer> used = new HashMap<>();

  @Override
  public String name() {
    return "mutation";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    if (corpus.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < TRIES; i++) {
      Tried base = pick(known, random);
      FaultPlan plan = changed(base.plan(), known, random);
      if (plan.size() > 0 && !known.isPointless(plan)) {
        used.merge(base.plan(), 1, Integer::sum);
        return Optional.of(plan);
      }
    }
    return Optional.empty();
  }

  private Tried pick(Knowledge known, RandomGenerator random) {
    double all = corpus.stream().mapToDouble(one -> energy(one, known)).sum();
    double left = random.nextDouble() * all;
    for (Tried one : corpus) {
      left -= energy(one, known);
      if (left <= 0) {
        return one;
      }
    }
    return corpus.getLast();
  }

  private double energy(Tried one, Knowledge known) {
    double tries = 1 + used.getOrDefault(one.plan(), 0);
    return (1 + one.score() + unusual(one, known)) / (tries * tries);
  }

  private static long unusual(Tried one, Knowledge known) {
    return one.calls().entrySet().stream()
        .filter(seen -> seen.getValue() > known.normal().usually(seen.getKey()))
        .count();
  }

  private static FaultPlan changed(FaultPlan plan, Knowledge known, RandomGenerator random) {
    boolean full = plan.size() >= known.space().together();
    boolean add = !full && (plan.size() < 2 || random.nextInt(3) > 0);
    FaultPlan base = add ? plan : plan.without(plan.faults().get(random.nextInt(plan.size())));
    List<Edge> free = known.reached().stream().filter(edge -> !Faults.strikes(base, edge)).toList();
    if (free.isEmpty()) {
      return FaultPlan.NONE;
    }
    Edge edge = free.get(random.nextInt(free.size()));
    return base.and(known.space().at(edge, known.space().anyEffect(random)));
  }

  @Override
  public void learn(Tried one, Knowledge known) {
    if (one.held() && (one.score() > 1 || unusual(one, known) > 0)) {
      corpus.add(one);
    }
  }
}
