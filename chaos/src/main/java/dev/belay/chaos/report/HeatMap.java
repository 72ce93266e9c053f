package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of each kind of fault at each edge.
 *
 * @param edges the rows
 * @param kinds the columns
 * @param known what is known of the sites that were part of a plan
 * @param receipts whether the executor said which faults struck; if not, all are taken to have
 *     struck
 */
public record HeatMap(
    List<Edge> edges, List<String> kinds, Map<Site, Heat> known, boolean receipts) {
  public HeatMap {
    edges = List.copyOf(edges);
    kinds = List.copyOf(kinds);
    known = Collections.unmodifiableMap(new TreeMap<>(known));
  }

  /** What is known of one site. */
  public Heat at(Edge edge, String kind) {
    return Optional.ofNullable(known.get(new Site(edge, kind))).orElse(Heat.UNTESTED);
  }

  /** Whether plans are shown as if all of their faults had struck, because nobody knows. */
  public boolean isTakenOnTrust() {
    return !receipts && !kinds.isEmpty();
  }

  /** How many sites are in a state. */
  public int count(Heat heat) {
    return (int)
        edges.stream()
            .flatMap(edge -> kinds.stream().map(kind -> at(edge, kind)))
            .filter(heat::equals)
            .count();
  }
}
