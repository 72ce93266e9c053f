package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.Trace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the healthy system does. */
final class Habits {
  private final List<Observation> healthy;
  private final Map<Call, Integer> most = new HashMap<>();

  private record Call(Edge edge, String operation) {}

  Habits(List<Observation> healthy) {
    this.healthy = List.copyOf(healthy);
    healthy.stream()
        .flatMap(seen -> seen.trace().stream())
        .forEach(
            trace -> count(trace).forEach((call, times) -> most.merge(call, times, Math::max)));
  }

  private static Map<Call, Integer> count(Trace trace) {
    Map<Call, Integer> counts = new LinkedHashMap<>();
    for (Calls.Call call : Calls.of(trace)) {
      Edge edge = new Edge(call.caller(), call.callee());
      String operation = Operations.collapsed(call.span().operation());
      counts.merge(new Call(edge, operation), 1, Integer::sum);
    }
    return counts;
  }

  /** Whether the healthy system makes no call that an edge covers, as far as it was seen. */
  boolean isUnusual(Edge edge) {
    return !most.isEmpty()
        && most.keySet().stream()
            .noneMatch(call -> edge.covers(call.edge().caller(), call.edge().callee()));
  }

  /** The call that is made more often than usual, and more than once, by the most. */
  Optional<String> mostRepeated(Trace trace) {
    String worst = "";
    int excess = 0;
    for (Map.Entry<Call, Integer> one : count(trace).entrySet()) {
      int usual = most.getOrDefault(one.getKey(), 0);
      if (one.getValue() - Math.max(1, usual) > excess) {
        excess = one.getValue() - Math.max(1, usual);
        worst = "%s, %d calls instead of %d".formatted(one.getKey().edge(), one.getValue(), usual);
      }
    }
    return excess == 0 ? Optional.empty() : Optional.of(worst);
  }

  /** What the same request did inside of the healthy system; another one's if it was not seen. */
  Optional<Trace> trace(String endpoint) {
    Optional<Trace> same =
        healthy.stream()
            .filter(seen -> seen.endpoint().equals(endpoint))
            .flatMap(seen -> seen.trace().stream())
            .findFirst();
    return same.or(() -> healthy.stream().flatMap(seen -> seen.trace().stream()).findFirst());
  }
}
