package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** A history in the numbers of its space, and what is left to try. For one thread. */
final class Study {
  private static final int DRAWS = 60;
  private static final double MOST_LISTED = 100_000;

  final Chart chart;

  /** Of trials with a score: coordinates, rows to learn from, scores, weights, arms. */
  final List<double[]> xs = new ArrayList<>();

  final List<double[]> rows = new ArrayList<>();
  final List<Double> scores = new ArrayList<>();
  final List<Double> weights = new ArrayList<>();
  final List<String> arms = new ArrayList<>();

  /** Rows of trials under way, and of those that could not be made. */
  final List<double[]> pending = new ArrayList<>();

  final List<double[]> invalid = new ArrayList<>();

  private final Set<Point> seen = new HashSet<>();

  Study(SearchSpace space, List<Tried> history) {
    chart = space.chart();
    for (Tried tried : history) {
      double[] x = chart.coordinates(tried.point());
      double[] row = chart.row(x);
      seen.add(tried.point());
      switch (tried.outcome()) {
        case Outcome.Scored scored -> {
          xs.add(x);
          rows.add(row);
          scores.add(scored.score());
          weights.add(tried.weight());
          arms.add(tried.arm());
        }
        case Outcome.Invalid failed -> invalid.add(row);
        case Outcome.Pending running -> pending.add(row);
      }
    }
  }

  /** To learn from: the rows, with other scores than those that were read, maybe. */
  Samples samples(double[] targets) {
    Samples samples = new Samples(chart.rowLevels());
    for (int i = 0; i < targets.length; i++) {
      samples.add(rows.get(i), targets[i], weights.get(i));
    }
    return samples;
  }

  int size() {
    return xs.size();
  }

  boolean isNew(double[] x) {
    return !seen.contains(chart.point(x));
  }

  double best() {
    return scores.stream().mapToDouble(score -> score).max().orElse(Double.NEGATIVE_INFINITY);
  }

  double worst() {
    return scores.stream().mapToDouble(score -> score).min().orElse(Double.POSITIVE_INFINITY);
  }

  /** Trials with a score by number, the best first, earlier ones first among equals. */
  List<Integer> ranking() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> Double.compare(scores.get(b), scores.get(a)));
    return order;
  }

  /**
   * Coordinates at random that were not tried; tried ones once there are no others.
   *
   * <p>Where chance finds none, all points are listed, if there are not too many.
   */
  double[] fresh(RandomGenerator random) {
    double[] x = chart.draw(random);
    for (int draw = 0; draw < DRAWS && !isNew(x); draw++) {
      x = chart.draw(random);
    }
    if (isNew(x)) {
      return x;
    }
    List<double[]> left = listed(random);
    return left.isEmpty() ? x : left.get(random.nextInt(left.size()));
  }

  private List<double[]> listed(RandomGenerator random) {
    int dimensions = chart.dimensions();
    double count = 1;
    for (int i = 0; i < dimensions; i++) {
      count *= chart.steps(i);
    }
    List<double[]> left = new ArrayList<>();
    if (count > MOST_LISTED) {
      return left;
    }
    for (int number = 0; number < count; number++) {
      double[] x = new double[dimensions];
      int rest = number;
      for (int i = 0; i < dimensions; i++) {
        int steps = (int) chart.steps(i);
        x[i] = chart.coordinate(i, rest % steps);
        rest /= steps;
      }
      chart.settle(x, random);
      if (chart.isFeasible(x) && isNew(x)) {
        left.add(x);
      }
    }
    return left;
  }
}
