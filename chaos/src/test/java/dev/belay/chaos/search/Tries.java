package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Trials of a system of which nothing is known but how bad each plan was. */
final class Tries {
  private Tries() {}

  static List<Edge> edges(int count) {
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      edges.add(new Edge("front", "svc-" + i));
    }
    return edges;
  }

  static Knowledge knowing(FaultSpace space) {
    return new Knowledge(space, new Normal(Map.of()));
  }

  /** All faults struck; from a score of 7 on it failed. */
  static Tried tried(FaultPlan plan, double score) {
    return new Tried(
        plan,
        score >= Signature.FAILURE ? Optional.of("it fails") : Optional.empty(),
        score,
        Map.of(),
        new HashSet<>(plan.faults()),
        new Observation(
            "GET /",
            Observation.Reply.of(200, Duration.ofMillis(10)),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Instant.EPOCH));
  }

  static Set<String> levels(FaultPlan plan, FaultSpace.Kinds kinds) {
    Set<String> levels = new HashSet<>();
    plan.faults().forEach(fault -> levels.add(Faults.level(fault, kinds)));
    return levels;
  }
}
