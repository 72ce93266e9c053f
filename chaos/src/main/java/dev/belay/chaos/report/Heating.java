package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.trace.Calls;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Makes a heat map of what was seen. For one thread. */
final class Heating {
  /** The columns, in the order of {@link dev.belay.chaos.Effect}. */
  private static final List<String> KINDS =
      List.of("delay", "abort", "reset", "throttle", "truncate", "corrupt", "rewrite");

  private final Touches touches;
  private final Map<String, FaultPlan> blamed = new HashMap<>();
  private final Map<Site, Heat> known = new TreeMap<>();

  Heating(Touches touches, List<Defect> defects) {
    this.touches = touches;
    defects.forEach(defect -> {
      FaultPlan plan = defect.minimal().map(Defect.Minimal::plan).orElse(defect.found());
      blamed.put(defect.signature(), plan);
      // a smallest plan is known to fail; of any other, only what struck is
      defect.minimal().ifPresent(minimal -> heat(Touches.planned(minimal.plan()), Heat.FAILS));
    });
  }

  HeatMap map(List<Trial> trials, List<Observation> healthy) {
    for (Trial trial : trials) {
      trial.seen().ifPresent(seen -> take(trial.proposal().plan(), seen));
    }
    Set<Edge> edges = edges(trials, healthy);
    known.keySet().forEach(site -> edges.add(site.edge()));
    List<String> kinds =
        KINDS.stream()
            .filter(kind -> known.keySet().stream().anyMatch(site -> site.kind().equals(kind)))
            .toList();
    return new HeatMap(List.copyOf(edges), kinds, known, touches.known());
  }

  private void take(FaultPlan plan, Trial.Seen seen) {
    Set<Site> struck = touches.struck(plan, seen.observation());
    heat(touches.missed(plan, seen.observation()), Heat.NEVER_STRUCK);
    Optional<String> failure = seen.insight().failure();
    heat(struck, failure.isEmpty() ? Heat.TOLERATED : Heat.UNCLEAR);
    failure.ifPresent(signature -> {
      FaultPlan guilty = Optional.ofNullable(blamed.get(signature)).orElse(plan);
      heat(Touches.within(guilty, struck), Heat.FAILS);
    });
  }

  private void heat(Collection<Site> sites, Heat heat) {
    for (Site site : sites) {
      known.merge(site, heat, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
  }

  /** The calls between services that any trace shows. */
  private static Set<Edge> edges(List<Trial> trials, List<Observation> healthy) {
    Stream<Observation> tried =
        trials.stream().flatMap(trial -> trial.seen().stream()).map(Trial.Seen::observation);
    Set<Edge> edges = new TreeSet<>();
    Stream.concat(healthy.stream(), tried)
        .flatMap(seen -> seen.trace().stream())
        .flatMap(trace -> Calls.of(trace).stream())
        .filter(call -> !call.caller().equals(Calls.OUTSIDE))
        .forEach(call -> edges.add(new Edge(call.caller(), call.callee())));
    return edges;
  }
}
