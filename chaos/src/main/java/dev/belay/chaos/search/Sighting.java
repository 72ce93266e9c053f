package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A call that was seen in a trace.
 *
 * @param edge from whom to whom
 * @param operation what was asked, collapsed
 */
record Sighting(Edge edge, String operation) {

  /** The calls of a trace between services, and how often each was made; by first start. */
  static Map<Sighting, Integer> in(Trace trace) {
    Map<Sighting, Integer> counts = new LinkedHashMap<>();
    for (Calls.Call call : between(trace)) {
      counts.merge(of(call), 1, Integer::sum);
    }
    return counts;
  }

  static List<Calls.Call> between(Trace trace) {
    return Calls.of(trace).stream().filter(call -> !call.caller().equals(Calls.OUTSIDE)).toList();
  }

  static Sighting of(Calls.Call call) {
    return new Sighting(
        new Edge(call.caller(), call.callee()), Operations.collapsed(call.span().operation()));
  }

  @Override
  public String toString() {
    return edge + " " + operation;
  }
}
