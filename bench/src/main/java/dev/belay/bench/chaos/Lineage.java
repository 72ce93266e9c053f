package dev.belay.bench.chaos;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.trace.Calls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A search in the manner of lineage-driven fault injection: whatever went well was held up by the
 * calls that were made, so only faults that strike some call of each good outcome seen so far can
 * do harm. The fewest first; aborts, and long waits when there are none left.
 *
 * @see <a href="https://doi.org/10.1145/2723372.2723711">Alvaro, Rosen, Hellerstein, 2015</a>
 */
final class Lineage {
  private final List<Set<Edge>> hypotheses = new ArrayList<>();
  private final List<Effect> effects;
  private final List<Set<Edge>> supports = new ArrayList<>();
  private final List<Set<Edge>> harmful = new ArrayList<>();
  private final Set<Set<Edge>> tried = new HashSet<>();
  private Set<Edge> last = Set.of();
  private int effect;

  private Lineage(FaultSpace space, long seed) {
    FaultSpace.Kinds kinds = space.kinds();
    effects =
        List.of(
            new Effect.Abort(kinds.statuses().getFirst()),
            new Effect.Delay(kinds.delays().getLast()));
    for (int size = 1; size <= space.together(); size++) {
      List<Set<Edge>> some = subsets(space.edges(), size);
      Collections.shuffle(some, new Random(seed));
      hypotheses.addAll(some);
    }
  }

  static Contestant of(FaultSpace space, List<Observation> healthy, long seed) {
    Lineage search = new Lineage(space, seed);
    healthy.forEach(search::heldUp);
    return new Contestant(search::next, search::saw);
  }

  private static List<Set<Edge>> subsets(List<Edge> edges, int size) {
    List<Set<Edge>> all = new ArrayList<>(List.of(Set.of()));
    for (int i = 0; i < size; i++) {
      List<Set<Edge>> longer = new ArrayList<>();
      for (Set<Edge> some : all) {
        for (Edge edge : edges) {
          Set<Edge> more = new HashSet<>(some);
          if (more.add(edge)) {
            longer.add(more);
          }
        }
      }
      all = longer.stream().distinct().toList();
    }
    return new ArrayList<>(all);
  }

  private void heldUp(Observation seen) {
    seen.trace()
        .ifPresent(trace -> {
          Set<Edge> support = new HashSet<>();
          for (Calls.Call call : Calls.of(trace)) {
            Edge edge = new Edge(call.caller(), call.callee());
            if (!call.caller().equals(Calls.OUTSIDE) && !last.contains(edge)) {
              support.add(edge);
            }
          }
          supports.add(support);
        });
  }

  private Optional<FaultPlan> next() {
    for (; effect < effects.size(); effect++) {
      for (Set<Edge> hypothesis : hypotheses) {
        boolean hits = supports.stream().noneMatch(held -> Collections.disjoint(held, hypothesis));
        boolean known = harmful.stream().anyMatch(hypothesis::containsAll);
        if (hits && !known && tried.add(hypothesis)) {
          last = hypothesis;
          Effect strikes = effects.get(effect);
          return Optional.of(
              new FaultPlan(
                  hypothesis.stream().sorted().map(edge -> Fault.at(edge, strikes)).toList()));
        }
      }
      supports.clear(); // a wait is borne in another way than an error
      harmful.clear();
      tried.clear();
    }
    return Optional.empty();
  }

  private void saw(Observation seen, Score score) {
    if (score.failure().isPresent()) {
      harmful.add(last);
    } else {
      heldUp(seen);
    }
  }
}
