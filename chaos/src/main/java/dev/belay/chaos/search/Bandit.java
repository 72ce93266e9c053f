package dev.belay.chaos.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Learns which arms find something. Thompson sampling over Beta distributions whose past counts
 * less and less, since an arm that found much may have found all that it can.
 */
final class Bandit {
  private static final double FORGETS = 0.98;

  private final Map<String, Double> hits = new HashMap<>();
  private final Map<String, Double> misses = new HashMap<>();

  /** The arms, in the order in which they should be asked. */
  List<Arm> order(List<Arm> arms, RandomGenerator random) {
    Map<String, Double> drawn = new HashMap<>();
    arms.forEach(arm -> drawn.put(arm.name(), beta(arm.name(), random)));
    List<Arm> order = new ArrayList<>(arms);
    order.sort((one, other) -> Double.compare(value(drawn, other), value(drawn, one)));
    return order;
  }

  private static double value(Map<String, Double> drawn, Arm arm) {
    return drawn.getOrDefault(arm.name(), 0.0);
  }

  private double beta(String arm, RandomGenerator random) {
    double hit = gamma(1 + hits.getOrDefault(arm, 0.0), random);
    double miss = gamma(4 + misses.getOrDefault(arm, 0.0), random);
    return hit / (hit + miss);
  }

  /** By Marsaglia and Tsang (2000), for shapes of 1 and more. */
  private static double gamma(double shape, RandomGenerator random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      if (v > 0) {
        double cube = v * v * v;
        double u = 1 - random.nextDouble();
        if (Math.log(u) < 0.5 * x * x + d - d * cube + d * Math.log(cube)) {
          return d * cube;
        }
      }
    }
  }

  void credit(String arm, boolean found) {
    hits.replaceAll((name, value) -> value * FORGETS);
    misses.replaceAll((name, value) -> value * FORGETS);
    (found ? hits : misses).merge(arm, 1.0, Double::sum);
  }
}
