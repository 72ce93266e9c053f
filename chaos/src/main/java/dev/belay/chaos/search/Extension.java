package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Follows what the traces show: where a fault makes the system call somebody whom it does not call
 * otherwise, or call somebody again, that is how it helps itself. So this fails next, together with
 * the fault that brought it about.
 */
final class Extension implements Arm {
  private final Deque<FaultPlan> urgent = new ArrayDeque<>();
  private final Deque<FaultPlan> later = new ArrayDeque<>();
  private final Set<FaultPlan> queued = new HashSet<>();

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    return take(urgent, known).or(() -> take(later, known));
  }

  /** Whether there is something that should not wait. */
  boolean isUrgent(Knowledge known) {
    urgent.removeIf(known::isPointless);
    return !urgent.isEmpty();
  }

  private static Optional<FaultPlan> take(Deque<FaultPlan> from, Knowledge known) {
    while (!from.isEmpty()) {
      FaultPlan plan = from.removeFirst();
      if (!known.isPointless(plan)) {
        return Optional.of(plan);
      }
    }
    return Optional.empty();
  }

  @Override
  public void learn(Tried one, Knowledge known) {
    if (one.trace().isEmpty() || one.struck().isEmpty()) {
      return;
    }
    for (Map.Entry<Sighting, Integer> seen : one.calls().entrySet()) {
      if (seen.getValue() > known.normal().usually(seen.getKey())) {
        Edge edge = seen.getKey().edge();
        if (!Faults.strikes(one.plan(), edge)) {
          cause(one, seen.getKey(), one.trace().get(), known.normal())
              .ifPresent(base -> extend(base, edge, known));
        }
      }
    }
  }

  private void extend(FaultPlan base, Edge edge, Knowledge known) {
    if (base.size() >= known.space().together() || Faults.strikes(base, edge)) {
      return;
    }
    List<Effect> first = Effects.first(known.space().kinds());
    for (int i = 0; i < first.size(); i++) {
      add(base.and(Fault.at(edge, first.get(i))), i < 2 ? urgent : later);
    }
    for (Effect effect : Effects.further(known.space().kinds())) {
      add(base.and(Fault.at(edge, effect)), later);
    }
  }

  private void add(FaultPlan plan, Deque<FaultPlan> to) {
    if (queued.add(plan)) {
      to.addLast(plan);
    }
  }

  /**
   * The faults without which a call would not have been made: the one that struck the same caller
   * last before it, and, if that one struck a call that is unusual itself, what had led there.
   */
  private static Optional<FaultPlan> cause(Tried one, Sighting call, Trace trace, Normal normal) {
    if (one.plan().size() == 1) {
      return Optional.of(one.plan());
    }
    Optional<Calls.Call> first =
        Sighting.between(trace).stream().filter(seen -> Sighting.of(seen).equals(call)).findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<Fault> faults = new ArrayList<>();
    long at = first.get().span().startNanos();
    for (Receipt receipt : backwards(one)) {
      Fault fault = one.plan().faults().get(receipt.fault());
      if (receipt.atNanos() <= at
          && receipt.edge().caller().equals(call.edge().caller())
          && !faults.contains(fault)) {
        faults.add(fault);
        if (normal.usually(receipt.edge()) > 0) {
          return Optional.of(new FaultPlan(faults, one.plan().life()));
        }
      }
    }
    return Optional.of(one.plan());
  }

  private static List<Receipt> backwards(Tried one) {
    return one.observation().receipts().stream()
        .filter(receipt -> receipt.fault() < one.plan().size())
        .sorted(Comparator.comparingLong(Receipt::atNanos).reversed())
        .toList();
  }
}
