package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Piles waits upon waits that are borne: what holds threads and connections long enough takes them
 * from everybody else. The traces tell for how long each wait holds its caller and who is asked for
 * help meanwhile; those that add up to the longest come first, and those more so that took longer
 * together than they explain.
 */
final class Slowness implements Arm {
  private static final int MOST = 3;

  /** Piles of so many are looked at in a few milliseconds. */
  private static final int MOST_WAITS = 40;

  private static final int DEEPEST = 20;

  /** What was together before tells less of what else it does. */
  private static final double KNOWN = 0.8;

  private final Map<Edge, Long> held = new LinkedHashMap<>();
  private final Map<Edge, Set<Edge>> needs = new HashMap<>();
  private final Map<Set<Edge>, Double> together = new HashMap<>();
  private final Map<Set<Edge>, Integer> asked = new HashMap<>();

  private record Pile(FaultPlan plan, double worth) {}

  @Override
  public String name() {
    return "slowness";
  }

  @Override
  public Optional<FaultPlan> propose(Knowledge known, RandomGenerator random) {
    if (known.space().kinds().delays().isEmpty()) {
      return Optional.empty();
    }
    List<Pile> piles = new ArrayList<>();
    pile(List.of(), 0, waits(known), known, piles);
    piles.sort(Comparator.comparingDouble(Pile::worth).reversed());
    Optional<FaultPlan> best =
        piles.stream()
            .map(Pile::plan)
            .filter(plan -> !known.isPointless(plan) && !known.held(plan))
            .findFirst();
    best.ifPresent(plan -> pairs(edges(plan)).forEach(pair -> asked.merge(pair, 1, Integer::sum)));
    return best;
  }

  private List<Edge> waits(Knowledge known) {
    List<Edge> waits =
        known.space().edges().stream()
            .filter(edge -> held.containsKey(edge) || needs.containsKey(edge))
            .filter(edge -> !known.failsAlike(wait(edge, known)))
            .toList();
    return waits.size() <= MOST_WAITS
        ? waits
        : waits.stream()
            .sorted(Comparator.comparingLong(this::holds).reversed())
            .limit(MOST_WAITS)
            .toList();
  }

  private static Fault wait(Edge edge, Knowledge known) {
    return known.space().at(edge, new Effect.Delay(known.space().kinds().longest()));
  }

  private void pile(
      List<Edge> pile, int from, List<Edge> waits, Knowledge known, List<Pile> piles) {
    if (pile.size() >= 2) {
      Set<Edge> edges = new HashSet<>(pile);
      if (pile.stream().allMatch(edge -> edges.containsAll(needs.getOrDefault(edge, Set.of())))) {
        FaultPlan plan = new FaultPlan(pile.stream().map(edge -> wait(edge, known)).toList());
        piles.add(new Pile(plan, worth(edges)));
      }
    }
    if (pile.size() < Math.min(MOST, known.space().together())) {
      for (int i = from; i < waits.size(); i++) {
        List<Edge> more = new ArrayList<>(pile);
        more.add(waits.get(i));
        pile(more, i + 1, waits, known, piles);
      }
    }
  }

  private double worth(Set<Edge> edges) {
    double nanos = 0;
    for (Edge edge : edges) {
      nanos += holds(edge);
    }
    double worth = nanos;
    for (Set<Edge> pair : pairs(edges)) {
      worth *= 1 + together.getOrDefault(pair, 0.0) / Signature.FAILURE;
      worth *= Math.pow(KNOWN, asked.getOrDefault(pair, 0));
    }
    return worth;
  }

  /** Who was never slow while it helped may hold its caller as long as the one it stands in for. */
  private long holds(Edge edge) {
    Long seen = held.get(edge);
    return seen != null
        ? seen
        : needs.getOrDefault(edge, Set.of()).stream()
            .mapToLong(other -> held.getOrDefault(other, 0L))
            .max()
            .orElse(0);
  }

  private static Set<Edge> edges(FaultPlan plan) {
    Set<Edge> edges = new HashSet<>();
    plan.faults().forEach(fault -> edges.add(fault.edge()));
    return edges;
  }

  private static Set<Set<Edge>> pairs(Set<Edge> edges) {
    Set<Set<Edge>> pairs = new HashSet<>();
    for (Edge one : edges) {
      for (Edge other : edges) {
        if (!one.equals(other)) {
          pairs.add(Set.of(one, other));
        }
      }
    }
    return pairs;
  }

  @Override
  public void learn(Tried one, Knowledge known) {
    List<Fault> waits =
        one.struck().stream().filter(fault -> fault.effect() instanceof Effect.Delay).toList();
    if (waits.isEmpty() || one.trace().isEmpty() || !one.held()) {
      return;
    }
    Map<Edge, Long> took = took(one.trace().get());
    for (Fault fault : waits) {
      held.merge(fault.edge(), took.getOrDefault(fault.edge(), 0L), Math::max);
    }
    help(one, known);
    if (one.score() > 0) {
      Set<Edge> edges = new HashSet<>();
      waits.forEach(fault -> edges.add(fault.edge()));
      pairs(edges).forEach(pair -> together.merge(pair, one.score(), Math::max));
    }
  }

  /** How long each call held those who waited for it: its caller, and all above. */
  private static Map<Edge, Long> took(Trace trace) {
    SpanTree tree = new SpanTree(trace);
    Map<Edge, Long> took = new HashMap<>();
    for (Calls.Call call : Sighting.between(trace)) {
      Span own = call.span();
      Span whole =
          tree.parent(own).filter(above -> !above.service().equals(own.service())).orElse(own);
      long waiting = waiting(own, tree);
      took.merge(
          new Edge(call.caller(), call.callee()), waiting * whole.durationNanos(), Long::sum);
    }
    return took;
  }

  private static long waiting(Span span, SpanTree tree) {
    Set<String> services = new HashSet<>();
    Optional<Span> above = tree.parent(span);
    while (above.isPresent() && services.size() < DEEPEST) {
      services.add(above.get().service());
      above = tree.parent(above.get());
    }
    services.remove(span.service());
    return Math.max(1, services.size());
  }

  /** Who is asked for help while somebody is slow can only be slow then. */
  private void help(Tried one, Knowledge known) {
    Causes causes = new Causes(one, known.normal());
    for (Sighting call : one.calls().keySet()) {
      Edge edge = call.edge();
      if (known.normal().usually(edge) == 0 && !needs.containsKey(edge)) {
        FaultPlan why = causes.of(call);
        if (why.faults().stream().allMatch(fault -> fault.effect() instanceof Effect.Delay)) {
          needs.put(edge, edges(Faults.elsewhere(why, edge)));
        }
      }
    }
  }
}
