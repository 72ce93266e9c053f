package dev.belay.bench.optimizer;

import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.Point;
import java.util.SplittableRandom;

/**
 * How hard a family of problems is for chance.
 *
 * @param name of the family
 * @param dimensions of its space
 * @param healthy the share of points with a score of 0
 * @param goals the share of points that come to the goal
 */
record Difficulty(String name, int dimensions, double healthy, double goals) {
  private static final int DRAWS = 5000;

  /** Of a family, by points at random in so many variants of it. */
  static Difficulty of(int family, int firstVariant, int variants) {
    double healthy = 0;
    double goals = 0;
    for (int variant = firstVariant; variant < firstVariant + variants; variant++) {
      Problem problem = Race.problem(family, variant);
      Chart chart = problem.space().chart();
      SplittableRandom random = new SplittableRandom(variant);
      for (int draw = 0; draw < DRAWS; draw++) {
        Point point = chart.point(chart.draw(random));
        double score = problem.truth().applyAsDouble(point);
        healthy += score <= 0 ? 1 : 0;
        goals += score >= problem.goal() ? 1 : 0;
      }
    }
    Problem one = Race.problem(family, firstVariant);
    double all = (double) DRAWS * variants;
    return new Difficulty(one.name(), one.space().chart().dimensions(), healthy / all, goals / all);
  }
}
