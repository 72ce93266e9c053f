package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that a search has learned so far. For one thread. */
final class Knowledge {
  private final Normal normal;
  private FaultSpace space;
  private final List<Tried> tried = new ArrayList<>();
  private final Map<FaultPlan, Tried> byPlan = new HashMap<>();
  private final List<Failing> failing = new ArrayList<>();
  private final Set<Edge> reached = new LinkedHashSet<>();
  private final Set<String> tolerated = new HashSet<>();
  private final Set<FaultPlan> refused = new HashSet<>();
  private final List<FaultPlan> underWay = new ArrayList<>();
  private Set<Fault> suspects = Set.of();

  Knowledge(FaultSpace space, Normal normal) {
    this.space = space;
    this.normal = normal;
    reached.addAll(normal.edges());
  }

  /**
   * A plan that is known to fail, without a fault too much.
   *
   * @param least the plan, with the shortest delays that are known to fail
   * @param most the same with the longest
   */
  private record Failing(FaultPlan least, FaultPlan most) {
    /** Whether a plan contains it, so that it says nothing new. */
    boolean isIn(FaultPlan plan) {
      for (int i = 0; i < least.size(); i++) {
        Fault low = least.faults().get(i);
        Fault high = most.faults().get(i);
        if (plan.faults().stream().noneMatch(fault -> isBetween(fault, low, high))) {
          return false;
        }
      }
      return true;
    }

    private static boolean isBetween(Fault fault, Fault low, Fault high) {
      if (!Faults.key(fault).equals(Faults.key(low))) {
        return false;
      }
      if (fault.startDelay().compareTo(low.startDelay()) < 0
          || fault.startDelay().compareTo(high.startDelay()) > 0) {
        return false;
      }
      long millis = Faults.delayMillis(fault);
      return millis >= Faults.delayMillis(low) && millis <= Faults.delayMillis(high);
    }
  }

  FaultSpace space() {
    return space;
  }

  Normal normal() {
    return normal;
  }

  void learn(Tried one) {
    tried.add(one);
    byPlan.put(one.plan(), one);
    for (Sighting call : one.calls().keySet()) {
      if (reached.add(call.edge())) {
        space = space.with(call.edge());
      }
    }
    if (one.held()) {
      one.struck().forEach(fault -> tolerated.add(exact(fault)));
    }
  }

  private static String exact(Fault fault) {
    return fault.toString();
  }

  /** A failing plan without a fault too much. */
  void fails(FaultPlan least, FaultPlan most) {
    failing.removeIf(known -> known.isIn(least) || new Failing(least, most).isIn(known.least()));
    failing.add(new Failing(least, most));
  }

  /**
   * Whether a plan contains another one.
   *
   * @param least the other one as weak as it may be
   * @param most the same as strong as it may be
   */
  static boolean isIn(FaultPlan least, FaultPlan most, FaultPlan plan) {
    return new Failing(least, most).isIn(plan);
  }

  /** Whether it is known that a plan fails, since a part of it does. */
  boolean isKnownToFail(FaultPlan plan) {
    return failing.stream().anyMatch(known -> known.isIn(plan));
  }

  /** A plan that is being tried from now on. */
  void asks(FaultPlan plan) {
    underWay.add(plan);
  }

  /** A plan that is not being tried any more, once. */
  void answered(FaultPlan plan) {
    boolean unused = underWay.remove(plan);
  }

  /** Whether a plan is being tried just now. */
  boolean isUnderWay(FaultPlan plan) {
    return underWay.contains(plan);
  }

  /** Faults that may be to blame for a failure that is being looked into. */
  void suspects(Set<Fault> faults) {
    suspects = faults;
  }

  /** Whether more is going to be known of a fault without another trial of it. */
  boolean isBusy(Fault fault) {
    return suspects.contains(fault)
        || underWay.stream().anyMatch(plan -> plan.faults().contains(fault));
  }

  /** A plan that could not be tried, and is not asked for again. */
  void refused(FaultPlan plan) {
    refused.add(plan);
  }

  /**
   * Whether a fault alone fails, or one like it at the same edge does: whoever cannot bear one
   * error of a callee rarely bears another.
   */
  boolean failsAlike(Fault fault) {
    return failing.stream()
        .map(Failing::least)
        .filter(plan -> plan.size() == 1)
        .map(plan -> plan.faults().getFirst())
        .anyMatch(other ->
            other.edge().equals(fault.edge()) && Faults.family(other).equals(Faults.family(fault)));
  }

  /** Whether a fault was in force, struck, and did no harm. */
  boolean isTolerated(Fault fault) {
    return tolerated.contains(exact(fault));
  }

  /** Whether nothing that a plan strikes is called unless something else fails. */
  boolean cannotStrike(FaultPlan plan) {
    return plan.faults().stream().allMatch(fault -> normal.usually(fault.edge()) == 0);
  }

  /**
   * Whether a plan held, as far as that is known: it did itself, or did with more faults that all
   * struck.
   */
  boolean held(FaultPlan plan) {
    if (plan.size() == 1 && isTolerated(plan.faults().getFirst())) {
      return true;
    }
    return tried.stream().anyMatch(one -> one.held() && one.struck().containsAll(plan.faults()));
  }

  boolean isReached(Edge edge) {
    return reached.contains(edge);
  }

  Set<Edge> reached() {
    return reached;
  }

  Optional<Tried> of(FaultPlan plan) {
    return Optional.ofNullable(byPlan.get(plan));
  }

  List<Tried> tried() {
    return tried;
  }

  /**
   * Whether a trial of a plan would tell nothing: it was made already or is being made, a part of
   * it is known to fail, or one of its faults strikes what is never called while the others are in
   * force.
   */
  boolean isPointless(FaultPlan plan) {
    return plan.size() > space.together()
        || byPlan.containsKey(plan)
        || isUnderWay(plan)
        || refused.contains(plan)
        || isKnownToFail(plan)
        || plan.faults().stream().anyMatch(fault -> !space.allows(fault.edge()))
        || plan.faults().stream().anyMatch(fault -> isInert(fault, plan));
  }

  private boolean isInert(Fault fault, FaultPlan plan) {
    if (!isReached(fault.edge()) || normal.usually(fault.edge()) > 0) {
      return false; // unknown, or called anyway
    }
    Optional<Tried> rest = of(plan.without(fault));
    return rest.isPresent()
        && rest.get().calls().keySet().stream().noneMatch(call -> call.edge().equals(fault.edge()));
  }
}
