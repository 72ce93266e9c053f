package dev.belay.examples.shop.sim;

import dev.belay.chaos.Edge;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Belay wherever it stands in one shop; each place knows nothing of the others. For one thread. */
final class Gateways {
  private final Between between;
  private final RandomGenerator random;
  private final Map<Edge, Gateway> open = new HashMap<>();

  Gateways(Between between, RandomGenerator random) {
    this.between = between;
    this.random = random;
  }

  /** The one that calls of an edge go through; none if they go straight. */
  Optional<Gateway> at(Edge edge) {
    return between.edges().contains(edge)
        ? Optional.of(open.computeIfAbsent(edge, one -> new Gateway(one, between, random)))
        : Optional.empty();
  }
}
