package dev.belay.chaos.inject;

import dev.belay.chaos.Edge;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request to ask rules about. */
record Asked(Edge edge, String namespace, String method, String path, Map<String, List<String>> all)
    implements FaultRequest {
  static Asked get(String path) {
    return new Asked(new Edge("cart", "pricing"), "", "GET", path, Map.of());
  }

  Asked with(String header, String... values) {
    return new Asked(edge, namespace, method, path, Map.of(header, List.of(values)));
  }

  Asked on(String caller, String callee) {
    return new Asked(new Edge(caller, callee), namespace, method, path, all);
  }

  Asked in(String space) {
    return new Asked(edge, space, method, path, all);
  }

  @Override
  public List<String> headers(String name) {
    return all.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }
}
