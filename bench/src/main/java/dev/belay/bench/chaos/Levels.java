package dev.belay.bench.chaos;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.search.FaultSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/** Searches over a few fixed effects for each call. */
final class Levels {
  private static final int CANDIDATES = 40;

  private Levels() {}

  /** An error of each class, a broken connection, a long and a longer wait, an answer lost. */
  private static List<Effect> effects(FaultSpace.Kinds kinds) {
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.Abort(kinds.statuses().getFirst()));
    kinds.statuses().stream()
        .filter(status -> status < 500)
        .forEach(status -> effects.add(new Effect.Abort(status)));
    effects.add(new Effect.Reset());
    effects.add(new Effect.Delay(kinds.delays().getLast().dividedBy(3)));
    effects.add(new Effect.Delay(kinds.delays().getLast()));
    kinds.rewrites().forEach(status -> effects.add(new Effect.Rewrite(status)));
    return effects;
  }

  /** All single faults in any order, then all pairs in any order. */
  static Contestant exhaustive(FaultSpace space, long seed) {
    List<Effect> effects = effects(space.kinds());
    List<Fault> singles = new ArrayList<>();
    space.edges().forEach(edge -> effects.forEach(effect -> singles.add(Fault.at(edge, effect))));
    List<FaultPlan> plans = new ArrayList<>();
    singles.forEach(fault -> plans.add(FaultPlan.of(fault)));
    Collections.shuffle(plans, new Random(seed));
    List<FaultPlan> pairs = new ArrayList<>();
    for (int i = 0; i < singles.size(); i++) {
      for (int j = i + 1; j < singles.size(); j++) {
        if (!singles.get(i).edge().equals(singles.get(j).edge())) {
          pairs.add(FaultPlan.of(singles.get(i), singles.get(j)));
        }
      }
    }
    Collections.shuffle(pairs, new Random(seed + 1));
    plans.addAll(pairs);
    Iterator<FaultPlan> left = plans.iterator();
    return new Contestant(
        () -> left.hasNext() ? Optional.of(left.next()) : Optional.empty(), (seen, score) -> {});
  }

  /** Rows of three faults, each with as many pairs as possible that no row had before. */
  static Contestant pairwise(FaultSpace space, long seed) {
    List<Effect> effects = effects(space.kinds());
    SplittableRandom random = new SplittableRandom(seed);
    Set<Set<Fault>> covered = new HashSet<>();
    return new Contestant(
        () -> {
          FaultPlan best = FaultPlan.NONE;
          int most = -1;
          for (int i = 0; i < CANDIDATES; i++) {
            FaultPlan row = row(space, effects, random);
            int fresh = (int) pairs(row).stream().filter(pair -> !covered.contains(pair)).count();
            if (fresh > most) {
              best = row;
              most = fresh;
            }
          }
          covered.addAll(pairs(best));
          return Optional.of(best);
        },
        (seen, score) -> {});
  }

  private static FaultPlan row(FaultSpace space, List<Effect> effects, SplittableRandom random) {
    List<Edge> left = new ArrayList<>(space.edges());
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Edge edge = left.remove(random.nextInt(left.size()));
      faults.add(Fault.at(edge, effects.get(random.nextInt(effects.size()))));
    }
    return new FaultPlan(faults);
  }

  private static List<Set<Fault>> pairs(FaultPlan plan) {
    List<Set<Fault>> pairs = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      for (int j = i + 1; j < plan.size(); j++) {
        pairs.add(Set.of(plan.faults().get(i), plan.faults().get(j)));
      }
    }
    return pairs;
  }
}
