package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Piles one wait upon others that are borne: what holds threads and connections long enough takes
 * them from everybody else. Waits for those who help come first, for they add up.
 */
final class Slowness implements Arm {
  private final Deque<FaultPlan> bases = new ArrayDeque<>();
  private final Set<FaultPlan> seen = new HashSet<>();

  @Override
  public String name() {
    return "slowness";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    if (known.space().kinds().delays().isEmpty()) {
      return Optional.empty();
    }
    Effect wait = new Effect.Delay(known.space().kinds().longest());
    while (!bases.isEmpty()) {
      FaultPlan base = bases.getFirst();
      for (Edge edge : known.space().edges()) {
        if (!Faults.strikes(base, edge)) {
          FaultPlan plan = base.and(Fault.at(edge, wait));
          if (!known.isPointless(plan) && !known.held(plan)) {
            return Optional.of(plan);
          }
        }
      }
      bases.removeFirst();
    }
    return Optional.empty();
  }

  @Override
  public void learn(Tried one, Knowledge known) {
    List<Fault> waits =
        one.struck().stream().filter(fault -> fault.effect() instanceof Effect.Delay).toList();
    boolean helped = waits.stream().anyMatch(fault -> known.normal().usually(fault.edge()) == 0);
    if (one.held() && helped && waits.size() >= 2 && waits.size() < known.space().together()) {
      FaultPlan base = new FaultPlan(waits, one.plan().life());
      if (seen.add(base)) {
        bases.addLast(base);
      }
    }
  }
}
