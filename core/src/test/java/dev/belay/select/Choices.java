package dev.belay.select;

import static dev.belay.EndpointHistory.endpoint;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** What tests of strategies share. */
final class Choices {
  private Choices() {}

  static RandomGenerator seeded() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(42);
  }

  /** Endpoints {@code e0}, {@code e1} and so on, without traits. */
  static List<Endpoint> endpoints(int count, Time time) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(endpoint("e" + i, time));
    }
    return endpoints;
  }

  static Endpoint in(String country, String region, String name, Time time) {
    var none = Endpoint.Traits.NONE;
    var traits =
        new Endpoint.Traits(
            region, country, none.tags(), none.weight(), none.cost(), none.maxConcurrent());
    return endpoint(name, traits, time);
  }

  /** How often each was chosen, by name. */
  static Map<String, Integer> count(
      int rounds, Selection selection, List<Endpoint> candidates, Call call) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Endpoint candidate : candidates) {
      counts.put(candidate.name(), 0);
    }
    for (int i = 0; i < rounds; i++) {
      counts.merge(selection.select(candidates, call).name(), 1, Integer::sum);
    }
    return counts;
  }
}
