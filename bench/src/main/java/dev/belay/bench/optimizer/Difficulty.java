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
 * @param soon how often trials that are spread evenly come to the goal within {@link #SOON}, at
 *     most: so often if no two of them could ever meet the same
 * @param late the same within {@link Race#TRIALS}
 */
record Difficulty(
    String name, int dimensions, double healthy, double goals, double soon, double late) {
  /** The smaller of the two numbers of trials that are looked at. */
  static final int SOON = 60;

  private static final int DRAWS = 5000;

  /** Of a family, by points at random in so many variants of it. */
  static Difficulty of(int family, int firstVariant, int variants) {
    double healthy = 0;
    double goals = 0;
    double soon = 0;
    double late = 0;
    for (int variant = firstVariant; variant < firstVariant + variants; variant++) {
      Problem problem = Race.problem(family, variant);
      Chart chart = problem.space().chart();
      SplittableRandom random = new SplittableRandom(variant);
      int met = 0;
      for (int draw = 0; draw < DRAWS; draw++) {
        Point point = chart.point(chart.draw(random));
        double score = problem.truth().applyAsDouble(point);
        healthy += score <= 0 ? 1.0 / DRAWS / variants : 0;
        met += score >= problem.goal() ? 1 : 0;
      }
      double goal = (double) met / DRAWS;
      goals += goal / variants;
      soon += Math.min(1, SOON * goal) / variants;
      late += Math.min(1, Race.TRIALS * goal) / variants;
    }
    Problem one = Race.problem(family, firstVariant);
    int dimensions = one.space().chart().dimensions();
    return new Difficulty(one.name(), dimensions, healthy, goals, soon, late);
  }
}
