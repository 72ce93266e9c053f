package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * At random, each candidate as likely as it is cheap: weight 10 if it is free, otherwise 1 / (cost
 * + 0.001). With costs below 0.1 a paid one therefore weighs more than a free one: count in a unit
 * in which they are not. Safe for any number of threads.
 */
public final class CostAware implements Selection {
  private static final double FREE_WEIGHT = 10;
  private static final double LEAST_COST = 0.001;

  private final Filter affordable;
  private final RandomGenerator random;

  /** Without a maximum, by the randomness of the calling thread. */
  public CostAware() {
    this(Double.MAX_VALUE, SharedRandom.INSTANCE);
  }

  /**
   * Only candidates that cost at most {@code maximum}; if there are none, the cheapest there are.
   *
   * @param maximum 0 or more
   * @param random safe for any number of threads
   * @throws IllegalArgumentException if the maximum is negative
   */
  public CostAware(double maximum, RandomGenerator random) {
    this.affordable = Filter.costAtMost(maximum);
    this.random = requireNonNull(random, "random");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    List<E> left = affordable.narrow(candidates, call);
    if (!affordable.keeps(left.getFirst(), call)) {
      return Draw.any(cheapest(candidates), random);
    }
    double[] weights = new double[left.size()];
    for (int i = 0; i < weights.length; i++) {
      double cost = left.get(i).traits().cost();
      weights[i] = cost == 0 ? FREE_WEIGHT : 1 / (cost + LEAST_COST);
    }
    return Draw.byWeight(left, weights, random);
  }

  private static <E extends Endpoint> List<E> cheapest(List<E> candidates) {
    double least = Double.MAX_VALUE;
    List<E> cheapest = new ArrayList<>();
    for (E candidate : candidates) {
      double cost = candidate.traits().cost();
      if (cost < least) {
        least = cost;
        cheapest.clear();
      }
      if (cost == least) {
        cheapest.add(candidate);
      }
    }
    return cheapest;
  }
}
