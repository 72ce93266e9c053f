package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Looks at each fault by itself, but tries several of them in one trial: those that strike while
 * the system holds are all borne, and one trial has told it of all of them. Faults are put together
 * that do not hide each other, at calls that were not struck together before: losses may add up
 * that no call ties together.
 */
final class Sweep implements Arm {
  private static final int MOST_TRIES = 3;

  private final Map<Fault, Integer> tries = new HashMap<>();
  private final Set<Set<Edge>> together = new HashSet<>();

  @Override
  public String name() {
    return "sweep";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    List<Fault> open = open(known);
    for (Fault first : open) {
      FaultPlan plan = filled(FaultPlan.of(first), open, known);
      if (!known.isPointless(plan)) {
        return Optional.of(plan);
      }
      if (!known.isPointless(FaultPlan.of(first))) {
        return Optional.of(FaultPlan.of(first));
      }
    }
    return Optional.empty();
  }

  /** A plan with more faults in it that are to be looked at, as far as there is room. */
  FaultPlan filled(FaultPlan plan, Knowledge known) {
    return filled(plan, open(known), known);
  }

  private FaultPlan filled(FaultPlan from, List<Fault> open, Knowledge known) {
    FaultPlan plan = from;
    while (plan.size() < known.space().together()) {
      Optional<Fault> next = next(plan, open, known);
      if (next.isEmpty()) {
        break;
      }
      plan = plan.and(next.get());
    }
    return plan;
  }

  /** One of the next, at a call that was not struck together with those of the plan yet. */
  private Optional<Fault> next(FaultPlan plan, List<Fault> open, Knowledge known) {
    Optional<Fault> best = Optional.empty();
    long most = -1;
    int seen = 0;
    for (Fault fault : open) {
      if (seen > known.space().edges().size()) {
        break;
      }
      if (isApart(fault, plan, known) && !known.isKnownToFail(plan.and(fault))) {
        seen++;
        long fresh =
            plan.faults().stream()
                .filter(other -> !together.contains(Set.of(fault.edge(), other.edge())))
                .count();
        if (fresh > most) {
          best = Optional.of(fault);
          most = fresh;
        }
      }
    }
    return best;
  }

  /** What was not borne yet, the most telling kinds first. */
  private List<Fault> open(Knowledge known) {
    return all(known).stream()
        .filter(fault -> !known.isTolerated(fault) && !known.isBusy(fault))
        .filter(fault -> tries.getOrDefault(fault, 0) < MOST_TRIES)
        .filter(fault -> !known.failsAlike(fault))
        .toList();
  }

  private static Set<Fault> all(Knowledge known) {
    FaultSpace.Kinds kinds = known.space().kinds();
    Set<Fault> all = new LinkedHashSet<>();
    List<Edge> edges =
        known.space().edges().stream().filter(edge -> known.normal().usually(edge) > 0).toList();
    List<Edge> changing = edges.stream().filter(known.normal()::changesSomething).toList();
    List<Effect> first = Effects.first(kinds);
    List<Effect> second = Effects.second(kinds);
    Predicate<Effect> broken = effect -> effect instanceof Effect.Reset; // much like an error
    Predicate<Effect> slow = effect -> effect instanceof Effect.Delay;
    add(all, edges, first.stream().filter(broken.negate()).toList(), known);
    for (Edge edge : edges) { // what the first call finds, the second may not
      if (known.normal().usually(edge) > 1) {
        all.add(Faults.fromSecond(known.space().at(edge, first.getFirst())));
      }
    }
    add(all, edges, second.stream().filter(slow).toList(), known);
    add(all, changing, Effects.served(kinds), known);
    add(all, edges, first, known);
    add(all, edges, second, known);
    add(all, edges, Effects.further(kinds), known);
    add(all, edges, Effects.served(kinds), known);
    return all;
  }

  private static void add(Set<Fault> all, List<Edge> edges, List<Effect> effects, Knowledge known) {
    effects.forEach(effect -> edges.forEach(edge -> all.add(known.space().at(edge, effect))));
  }

  /** Whether a fault strikes at another edge than all of a plan, and is not hidden behind one. */
  private static boolean isApart(Fault fault, FaultPlan plan, Knowledge known) {
    for (Fault other : plan.faults()) {
      if (other.edge().equals(fault.edge())
          || leadsTo(other.edge(), fault.edge(), known)
          || leadsTo(fault.edge(), other.edge(), known)) {
        return false;
      }
    }
    return true;
  }

  private static boolean leadsTo(Edge above, Edge below, Knowledge known) {
    Set<String> services = new LinkedHashSet<>(Set.of(above.callee()));
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Edge edge : known.reached()) {
        if (services.contains(edge.caller()) && services.add(edge.callee())) {
          grows = true;
        }
      }
    }
    return services.contains(below.caller());
  }

  @Override
  public void learn(Tried one, Knowledge known) {
    for (Fault fault : one.struck()) {
      one.struck().stream()
          .filter(other -> !other.edge().equals(fault.edge()))
          .forEach(other -> together.add(Set.of(fault.edge(), other.edge())));
    }
    if (one.held()) {
      one.plan().faults().stream()
          .filter(fault -> !one.struck().contains(fault))
          .forEach(fault -> tries.merge(fault, 1, Integer::sum));
    } else if (one.plan().size() == 1) {
      tries.merge(one.plan().faults().getFirst(), MOST_TRIES, Integer::sum);
    } else {
      one.plan().faults().forEach(fault -> tries.merge(fault, 1, Integer::sum));
    }
  }
}
