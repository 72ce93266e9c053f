package dev.belay.chaos.export;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.Match;
import dev.belay.chaos.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Toxics of Toxiproxy: each is to be posted to {@code /proxies/PROXY/toxics}, where the proxy
 * stands between the two services of an edge. It knows bytes and no HTTP.
 */
final class Toxiproxy {
  private static final long KILO = 1_024;
  private static final double PERCENT = 100;

  private Toxiproxy() {}

  private record Toxic(String type, String stream, Map<String, Object> attributes) {}

  static String write(Reproducer what) {
    List<Map<String, Object>> toxics = new ArrayList<>();
    List<Map<String, Object>> left = new ArrayList<>();
    int number = 0;
    for (Fault fault : what.plan().faults()) {
      number++;
      Optional<String> obstacle = LeftOut.unspared(fault, what).or(() -> obstacle(fault));
      Optional<Toxic> toxic = toxic(fault.effect());
      if (obstacle.isPresent() || toxic.isEmpty()) {
        String why = obstacle.orElse("it does not know HTTP, so no " + fault.effect().kind());
        left.add(new LeftOut(fault, why).tree());
      } else {
        toxics.add(tree(fault, toxic.get(), what.name() + "-" + number));
      }
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("description", what.plan() + what.shows(". Shows: "));
    tree.put("toxics", toxics);
    tree.put("left_out", left);
    return Json.pretty(tree);
  }

  private static Map<String, Object> tree(Fault fault, Toxic toxic, String name) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("type", toxic.type());
    body.put("stream", toxic.stream());
    body.put("toxicity", fault.percentage() / PERCENT);
    body.put("attributes", toxic.attributes());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("proxy", fault.edge().toString());
    tree.put("toxic", body);
    return tree;
  }

  private static Optional<String> obstacle(Fault fault) {
    if (!fault.match().equals(Match.ALL)) {
      return Optional.of("it cannot tell requests apart");
    }
    if (!fault.hits().equals(Fault.Hits.ALL)) {
      return Optional.of("it cannot count requests");
    }
    return fault.startDelay().isZero() ? Optional.empty() : Optional.of("it cannot begin later");
  }

  private static Optional<Toxic> toxic(Effect effect) {
    return switch (effect) {
      case Effect.Delay delay -> {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("latency", delay.by().toMillis());
        attributes.put("jitter", 0);
        yield Optional.of(new Toxic("latency", "upstream", attributes));
      }
      case Effect.Reset none ->
          Optional.of(new Toxic("reset_peer", "upstream", Map.of("timeout", 0)));
      case Effect.Throttle slow ->
          Optional.of(
              new Toxic(
                  "bandwidth",
                  "downstream",
                  Map.of("rate", Math.max(1, slow.bytesPerSecond() / KILO))));
      case Effect.Truncate cut ->
          Optional.of(new Toxic("limit_data", "downstream", Map.of("bytes", cut.afterBytes())));
      case Effect.Abort none -> Optional.empty();
      case Effect.Corrupt none -> Optional.empty();
      case Effect.Rewrite none -> Optional.empty();
    };
  }
}
