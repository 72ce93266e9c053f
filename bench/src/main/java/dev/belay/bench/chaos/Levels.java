package dev.belay.bench.chaos;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.time.Duration;
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
  private static final List<Effect> EFFECTS =
      List.of(
          new Effect.Abort(503),
          new Effect.Abort(429),
          new Effect.Reset(),
          new Effect.Delay(Duration.ofSeconds(1)),
          new Effect.Delay(Duration.ofSeconds(3)),
          new Effect.Rewrite(503));
  private static final int CANDIDATES = 40;

  private Levels() {}

  /** All single faults in any order, then all pairs, then triples at random. */
  static Contestant exhaustive(List<Edge> edges, long seed) {
    List<Fault> singles = new ArrayList<>();
    edges.forEach(edge -> EFFECTS.forEach(effect -> singles.add(Fault.at(edge, effect))));
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
  static Contestant pairwise(List<Edge> edges, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<Set<Fault>> covered = new HashSet<>();
    return new Contestant(
        () -> {
          FaultPlan best = FaultPlan.NONE;
          int most = -1;
          for (int i = 0; i < CANDIDATES; i++) {
            FaultPlan row = row(edges, random);
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

  private static FaultPlan row(List<Edge> edges, SplittableRandom random) {
    List<Edge> left = new ArrayList<>(edges);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Edge edge = left.remove(random.nextInt(left.size()));
      faults.add(Fault.at(edge, EFFECTS.get(random.nextInt(EFFECTS.size()))));
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
