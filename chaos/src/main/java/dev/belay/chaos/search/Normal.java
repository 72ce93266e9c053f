package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Observation;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the healthy system calls.
 *
 * @param usual how often each call is made at the most
 */
record Normal(Map<Sighting, Integer> usual) {
  private static final Pattern READS = Pattern.compile("(GET|HEAD|OPTIONS)\\b");

  static Normal of(List<Observation> healthy) {
    Map<Sighting, Integer> usual = new HashMap<>();
    for (Observation seen : healthy) {
      seen.trace()
          .ifPresent(trace ->
              Sighting.in(trace).forEach((call, count) -> usual.merge(call, count, Math::max)));
    }
    return new Normal(usual);
  }

  int usually(Sighting call) {
    return usual.getOrDefault(call, 0);
  }

  /** How often an edge is used, whatever is asked over it. */
  int usually(Edge edge) {
    return usual.entrySet().stream()
        .filter(entry -> entry.getKey().edge().equals(edge))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  Set<Edge> edges() {
    Set<Edge> edges = new LinkedHashSet<>();
    usual.keySet().stream().map(Sighting::edge).sorted().forEach(edges::add);
    return edges;
  }

  /** Whether something may be asked over an edge that changes anything. */
  boolean changesSomething(Edge edge) {
    return usual.keySet().stream()
        .filter(call -> call.edge().equals(edge))
        .anyMatch(call -> !READS.matcher(call.operation()).lookingAt());
  }
}
