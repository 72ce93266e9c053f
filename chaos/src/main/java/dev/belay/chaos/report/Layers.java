package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where services stand in a drawing: one column to the right of the last that calls them, and
 * within a column near to what they are tied to. Calls that close a circle do not count.
 */
final class Layers {
  private static final int SWEEPS = 3;

  private final Map<String, Set<String>> called = new TreeMap<>();
  private final Map<String, Integer> depth = new HashMap<>();
  private final Set<String> above = new HashSet<>();

  /** Calls that close a circle. */
  private final Set<Edge> back = new HashSet<>();

  /** Each before all that it calls. */
  private final Deque<String> order = new ArrayDeque<>();

  private Layers(Collection<String> services, Collection<Edge> edges) {
    services.forEach(name -> called.put(name, new TreeSet<>()));
    for (Edge edge : edges) {
      called.computeIfAbsent(edge.caller(), none -> new TreeSet<>()).add(edge.callee());
      called.computeIfAbsent(edge.callee(), none -> new TreeSet<>());
    }
  }

  /** The columns from left to right, each from top to bottom. */
  static List<List<String>> of(Collection<String> services, Collection<Edge> edges) {
    Layers layers = new Layers(services, edges);
    Set<String> entered = new HashSet<>();
    edges.stream()
        .filter(edge -> !edge.caller().equals(edge.callee()))
        .forEach(edge -> entered.add(edge.callee()));
    layers.called.keySet().stream().filter(name -> !entered.contains(name)).forEach(layers::walk);
    layers.called.keySet().forEach(layers::walk);
    layers.sink();
    return layers.columns();
  }

  private void walk(String name) {
    if (depth.putIfAbsent(name, 0) != null) {
      return;
    }
    above.add(name);
    for (String next : calledBy(name)) {
      if (above.contains(next)) {
        back.add(new Edge(name, next));
      } else {
        walk(next);
      }
    }
    above.remove(name);
    order.addFirst(name);
  }

  private void sink() {
    for (String name : order) {
      int next = depth.getOrDefault(name, 0) + 1;
      calledBy(name).stream()
          .filter(callee -> !back.contains(new Edge(name, callee)))
          .forEach(callee -> depth.merge(callee, next, Math::max));
    }
  }

  private Set<String> calledBy(String name) {
    return called.getOrDefault(name, Set.of());
  }

  private List<List<String>> columns() {
    int last = depth.values().stream().mapToInt(one -> one).max().orElse(-1);
    List<List<String>> columns = new ArrayList<>();
    for (int column = 0; column <= last; column++) {
      int here = column;
      columns.add(
          new ArrayList<>(
              called.keySet().stream()
                  .filter(name -> depth.getOrDefault(name, -1) == here)
                  .toList()));
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int column = 1; column < columns.size(); column++) {
        sort(columns.get(column), columns.get(column - 1), true);
      }
      for (int column = columns.size() - 2; column >= 0; column--) {
        sort(columns.get(column), columns.get(column + 1), false);
      }
    }
    return columns;
  }

  /** By the mean place of what each is tied to in the next column. */
  private void sort(List<String> column, List<String> beside, boolean callers) {
    Map<String, Double> wish = new HashMap<>();
    for (String name : column) {
      double own = (column.indexOf(name) + 0.5) / column.size();
      wish.put(
          name,
          beside.stream()
              .filter(other -> callers ? calls(other, name) : calls(name, other))
              .mapToDouble(other -> (beside.indexOf(other) + 0.5) / beside.size())
              .average()
              .orElse(own));
    }
    column.sort(Comparator.comparingDouble(name -> wish.getOrDefault(name, 0.0)));
  }

  private boolean calls(String from, String to) {
    return calledBy(from).contains(to);
  }
}
