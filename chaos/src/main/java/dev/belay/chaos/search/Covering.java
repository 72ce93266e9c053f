package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Puts faults together of which as many pairs as possible were never in force together: long delays
 * and short ones count apart, faults that strike all calls and some, at once and later.
 */
final class Covering implements Arm {
  private static final int CANDIDATES = 30;

  private final Set<String> seen = new HashSet<>();

  @Override
  public String name() {
    return "pairs";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    FaultPlan best = FaultPlan.NONE;
    int most = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      FaultPlan plan = any(known, random);
      int fresh = fresh(plan, known.space().kinds());
      if (fresh > most && !known.isPointless(plan)) {
        best = plan;
        most = fresh;
      }
    }
    return most == 0 ? Optional.empty() : Optional.of(best);
  }

  private static FaultPlan any(Knowledge known, RandomGenerator random) {
    List<Edge> edges = new ArrayList<>(known.space().edges());
    FaultPlan plan = FaultPlan.NONE;
    while (plan.size() < known.space().together() && !edges.isEmpty()) {
      Edge edge = edges.remove(random.nextInt(edges.size()));
      plan = plan.and(known.space().anyLevel(edge, random));
    }
    return plan;
  }

  private int fresh(FaultPlan plan, FaultSpace.Kinds kinds) {
    return (int) pairs(plan, kinds).stream().filter(pair -> !seen.contains(pair)).count();
  }

  private static List<String> pairs(FaultPlan plan, FaultSpace.Kinds kinds) {
    List<String> levels = plan.faults().stream().map(it -> Faults.level(it, kinds)).toList();
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      for (int j = i + 1; j < plan.size(); j++) {
        pairs.add(levels.get(i) + " + " + levels.get(j));
      }
    }
    return pairs;
  }

  @Override
  public void learn(Tried one, Knowledge known) {
    FaultPlan struck = new FaultPlan(List.copyOf(one.struck()), one.plan().life());
    seen.addAll(pairs(struck, known.space().kinds()));
  }
}
