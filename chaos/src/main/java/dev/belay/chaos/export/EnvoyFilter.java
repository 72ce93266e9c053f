package dev.belay.chaos.export;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fault filters of Envoy, one for each fault, for the list of HTTP filters of a listener. */
final class EnvoyFilter {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault";
  private static final long KILO = 1_024;
  private static final double MILLIS = 1_000;

  private EnvoyFilter() {}

  static String write(Reproducer what) {
    List<Map<String, Object>> filters = new ArrayList<>();
    List<Map<String, Object>> left = new ArrayList<>();
    for (Fault fault : what.plan().faults()) {
      Optional<String> obstacle = LeftOut.unspared(fault, what).or(() -> obstacle(fault));
      if (obstacle.isPresent()) {
        left.add(new LeftOut(fault, obstacle.get()).tree());
      } else {
        Map<String, Object> filter = new LinkedHashMap<>();
        filter.put("name", "envoy.filters.http.fault");
        filter.put("typed_config", config(fault));
        filters.add(filter);
      }
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("description", what.plan() + what.shows(". Shows: "));
    tree.put("http_filters", filters);
    tree.put("left_out", left);
    return Json.pretty(tree);
  }

  private static Optional<String> obstacle(Fault fault) {
    if (!fault.hits().equals(Fault.Hits.ALL)) {
      return Optional.of("it cannot count requests");
    }
    if (!fault.startDelay().isZero()) {
      return Optional.of("it cannot begin later");
    }
    return switch (fault.effect()) {
      case Effect.Delay none -> Optional.empty();
      case Effect.Abort none -> Optional.empty();
      case Effect.Throttle none -> Optional.empty();
      case Effect.Reset none -> Optional.of("it does not reset connections");
      case Effect.Truncate none -> Optional.of("it does not cut bodies");
      case Effect.Corrupt none -> Optional.of("it does not change bodies");
      case Effect.Rewrite none -> Optional.of("it aborts before the callee is reached only");
    };
  }

  private static Map<String, Object> config(Fault fault) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("@type", TYPE);
    if (!fault.edge().callee().equals(Edge.ANY)) {
      config.put("upstream_cluster", fault.edge().callee());
    }
    if (!fault.edge().caller().equals(Edge.ANY)) {
      config.put("downstream_nodes", List.of(fault.edge().caller()));
    }
    effect(fault, config);
    List<Map<String, Object>> headers = headers(fault);
    if (!headers.isEmpty()) {
      config.put("headers", headers);
    }
    return config;
  }

  private static void effect(Fault fault, Map<String, Object> config) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (fault.effect() instanceof Effect.Delay delay) {
      tree.put("fixed_delay", seconds(delay.by()));
      config.put("delay", tree);
    } else if (fault.effect() instanceof Effect.Abort abort) {
      tree.put("http_status", abort.status());
      config.put("abort", tree);
    } else if (fault.effect() instanceof Effect.Throttle slow) {
      tree.put("fixed_limit", Map.of("limit_kbps", Math.max(1, slow.bytesPerSecond() / KILO)));
      config.put("response_rate_limit", tree);
    }
    Map<String, Object> percentage = new LinkedHashMap<>();
    percentage.put("numerator", fault.percentage());
    percentage.put("denominator", "HUNDRED");
    tree.put("percentage", percentage);
  }

  /** A duration as protocol buffers have it in JSON. */
  private static String seconds(Duration length) {
    return "%ss".formatted(length.toMillis() / MILLIS);
  }

  private static List<Map<String, Object>> headers(Fault fault) {
    List<Map<String, Object>> headers = new ArrayList<>();
    fault.match().method().ifPresent(method -> headers.add(header(":method", "exact", method)));
    fault.match().pathPrefix().ifPresent(path -> headers.add(header(":path", "prefix", path)));
    fault
        .match()
        .headers()
        .forEach((name, value) -> {
          if (value.isEmpty()) {
            Map<String, Object> there = new LinkedHashMap<>();
            there.put("name", name);
            there.put("present_match", true);
            headers.add(there);
          } else {
            headers.add(header(name, "exact", value));
          }
        });
    return headers;
  }

  private static Map<String, Object> header(String name, String how, String value) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    tree.put("string_match", Map.of(how, value));
    return tree;
  }
}
