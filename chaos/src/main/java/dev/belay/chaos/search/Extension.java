package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.trace.SpanKind;
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
  private static final String SLOW = "slow";
  private static final String GONE = "gone";
  private static final String SERVED = "served";

  private final Deque<FaultPlan> urgent = new ArrayDeque<>();
  private final Deque<FaultPlan> next = new ArrayDeque<>();
  private final Deque<FaultPlan> soon = new ArrayDeque<>();
  private final Deque<FaultPlan> later = new ArrayDeque<>();
  private final Set<FaultPlan> queued = new HashSet<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> told = new HashSet<>();

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    return take(urgent, known)
        .or(() -> take(next, known))
        .or(() -> take(soon, known))
        .or(() -> take(later, known));
  }

  /** Whether there is something that should not wait. */
  boolean isUrgent(Knowledge known) {
    urgent.removeIf(known::isPointless);
    return !urgent.isEmpty();
  }

  /** Whether there is something that should not wait for long. */
  boolean hasNext(Knowledge known) {
    next.removeIf(known::isPointless);
    return isUrgent(known) || !next.isEmpty();
  }

  /** Whether there is something that is better than trying whatever else is left. */
  boolean hasSoon(Knowledge known) {
    soon.removeIf(known::isPointless);
    return hasNext(known) || !soon.isEmpty();
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
    Causes causes = new Causes(one, known.normal());
    Set<Edge> help = new HashSet<>(); // who helps is called for once, whatever is asked of it then
    for (Map.Entry<Sighting, Integer> seen : one.calls().entrySet()) {
      Sighting call = seen.getKey();
      if (seen.getValue() > known.normal().usually(call) && help.add(call.edge())) {
        FaultPlan base = Faults.elsewhere(causes.of(call), call.edge());
        if (base.size() > 0 && base.size() < known.space().together()) {
          extend(one, base, call, known);
        }
      }
    }
  }

  /**
   * The same help that is called for in the same way is tried at once only the first time; whoever
   * was slow is not in the same way gone, nor is whoever did what was asked and did not say so.
   */
  private void extend(Tried one, FaultPlan base, Sighting call, Knowledge known) {
    List<String> ways = base.faults().stream().map(fault -> way(fault, one)).toList();
    boolean isFirst = ways(base, ways, call);
    List<Effect> first = new ArrayList<>(Effects.first(known.space().kinds()));
    if (ways.contains(SLOW)) { // slow and slow belong together
      first.sort(Comparator.comparing(effect -> !(effect instanceof Effect.Delay)));
    }
    for (int i = 0; i < first.size(); i++) {
      Deque<FaultPlan> to = !isFirst || i > 1 ? later : i == 0 ? urgent : next;
      add(base.and(known.space().at(call.edge(), first.get(i))), to);
    }
    List<Effect> rest = new ArrayList<>(Effects.second(known.space().kinds()));
    rest.addAll(Effects.served(known.space().kinds()));
    rest.addAll(Effects.further(known.space().kinds()));
    for (Effect effect : rest) {
      // whether it minds being told that it asks wrongly is asked once
      boolean isTelling =
          effect instanceof Effect.Abort abort
              && abort.status() < 500
              && told.add(call.edge() + " " + effect);
      add(base.and(known.space().at(call.edge(), effect)), isTelling ? soon : later);
    }
  }

  private boolean ways(FaultPlan base, List<String> ways, Sighting call) {
    String edges = base.faults().stream().map(fault -> fault.edge().toString()).toList().toString();
    return known.add(edges + ways + call.edge());
  }

  /** How the caller met a fault. */
  private static String way(Fault fault, Tried one) {
    if (fault.effect() instanceof Effect.Rewrite) {
      return SERVED;
    }
    if (!(fault.effect() instanceof Effect.Delay)) {
      return GONE;
    }
    boolean late =
        one.trace().stream()
            .flatMap(trace -> trace.spans().stream())
            .filter(span -> span.kind() == SpanKind.CLIENT && span.error())
            .filter(span -> span.service().equals(fault.edge().caller()))
            .anyMatch(
                span -> fault.edge().callee().equals(span.outcome().tags().get("peer.service")));
    return late ? GONE + " after a wait" : SLOW;
  }

  /** A plan that was tried with more in it, which may have hidden what it does by itself. */
  void again(FaultPlan plan) {
    next.addLast(plan);
  }

  private void add(FaultPlan plan, Deque<FaultPlan> to) {
    if (queued.add(plan)) {
      to.addLast(plan);
    }
  }
}
