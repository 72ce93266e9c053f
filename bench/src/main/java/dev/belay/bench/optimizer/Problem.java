package dev.belay.bench.optimizer;

import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Value;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Something to optimize.
 *
 * @param name of its family
 * @param space to search
 * @param truth the score of a point, without noise
 * @param goal the score that counts as found
 * @param bugs which planted bugs a point shows, a bit for each
 * @param severity whether scores are severities of 0 to 10, read with noise and false alarms
 */
record Problem(
    String name,
    SearchSpace space,
    ToDoubleFunction<Point> truth,
    double goal,
    ToDoubleFunction<Point> bugs,
    boolean severity) {

  /** What a trial reads. */
  double reading(Point point, RandomGenerator random) {
    double score = truth.applyAsDouble(point);
    if (!severity) {
      return score;
    }
    if (score > 0 && random.nextInt(10) == 0) {
      score *= random.nextDouble(); // flaky: only sometimes as bad as it can be
    }
    if (random.nextInt(20) == 0) {
      score += 2 * random.nextDouble(); // something else happened at the same time
    }
    return Math.clamp(score + 0.4 * random.nextGaussian(), 0, 10);
  }

  static double number(Point point, String dimension, double otherwise) {
    return point
        .value(dimension)
        .map(value -> value instanceof Value.Numeric number ? number.number() : otherwise)
        .orElse(otherwise);
  }

  static String text(Point point, String dimension) {
    return point.value(dimension).map(Value::toString).orElse("");
  }
}
