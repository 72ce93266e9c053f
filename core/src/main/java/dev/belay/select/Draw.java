package dev.belay.select;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random choices. */
final class Draw {
  private Draw() {}

  static <T> T any(List<T> candidates, RandomGenerator random) {
    return candidates.get(random.nextInt(candidates.size()));
  }

  /**
   * One of the candidates, each as likely as its weight says.
   *
   * @param weights above 0, one for each candidate
   */
  static <T> T byWeight(List<T> candidates, double[] weights, RandomGenerator random) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double left = random.nextDouble() * total;
    int last = weights.length - 1;
    for (int i = 0; i < last; i++) {
      left -= weights[i];
      if (left < 0) {
        return candidates.get(i);
      }
    }
    return candidates.get(last);
  }
}
