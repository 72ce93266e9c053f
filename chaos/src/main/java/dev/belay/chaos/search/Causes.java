package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Receipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which faults of a plan brought something about, as far as its trace tells. */
final class Causes {
  private static final int DEEPEST = 20;

  private final Tried one;
  private final Normal normal;

  Causes(Tried one, Normal normal) {
    this.one = one;
    this.normal = normal;
  }

  /**
   * The faults without which an unusual call would not have been made: the one that struck the same
   * caller last before it, and, if that one struck a call that is unusual itself, what had led
   * there.
   */
  FaultPlan of(Sighting call) {
    if (one.plan().size() == 1 || one.trace().isEmpty()) {
      return one.plan();
    }
    Sighting at = call;
    for (int depth = 0; depth < DEEPEST; depth++) {
      List<Fault> faults = before(at);
      if (!faults.isEmpty()) {
        return plan(faults);
      }
      Optional<Sighting> above = entry(at.edge().caller());
      if (above.isEmpty()) {
        break;
      }
      at = above.get();
    }
    return one.plan();
  }

  /** The unusual call that brought a service into the trace. */
  private Optional<Sighting> entry(String service) {
    return one.calls().keySet().stream()
        .filter(call -> call.edge().callee().equals(service) && normal.usually(call) == 0)
        .findFirst();
  }

  private List<Fault> before(Sighting call) {
    long at =
        Sighting.between(one.trace().orElseThrow()).stream()
            .filter(seen -> Sighting.of(seen).equals(call))
            .mapToLong(seen -> seen.span().startNanos())
            .findFirst()
            .orElse(Long.MAX_VALUE);
    List<Fault> faults = new ArrayList<>();
    for (Receipt receipt : backwards()) {
      Fault fault = one.plan().faults().get(receipt.fault());
      if (receipt.atNanos() < at
          && receipt.edge().caller().equals(call.edge().caller())
          && !receipt.edge().equals(call.edge())
          && !faults.contains(fault)) {
        faults.add(fault);
        if (normal.usually(receipt.edge()) > 0) {
          return faults;
        }
      }
    }
    return faults;
  }

  private FaultPlan plan(List<Fault> faults) {
    return new FaultPlan(faults, one.plan().life());
  }

  private List<Receipt> backwards() {
    return one.observation().receipts().stream()
        .filter(receipt -> receipt.fault() < one.plan().size())
        .sorted(Comparator.comparingLong(Receipt::atNanos).reversed())
        .toList();
  }

  /**
   * The faults that brought a failure about, for a guess: those at the calls that it shows, and
   * what led to those calls if they are unusual.
   *
   * @param edges the calls that the failure shows
   * @return less than the plan; nothing if there is nothing better than the plan
   */
  Optional<FaultPlan> ofFailureAt(Set<Edge> edges) {
    Set<Fault> faults = new LinkedHashSet<>();
    for (Fault fault : one.struck()) {
      if (edges.contains(fault.edge())) {
        faults.add(fault);
        one.calls().keySet().stream()
            .filter(call -> call.edge().equals(fault.edge()) && normal.usually(call) == 0)
            .forEach(call -> faults.addAll(of(call).faults()));
      }
    }
    return faults.isEmpty() || faults.size() == one.plan().size()
        ? Optional.empty()
        : Optional.of(plan(List.copyOf(faults)));
  }
}
