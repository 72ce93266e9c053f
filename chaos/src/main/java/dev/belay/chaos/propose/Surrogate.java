package dev.belay.chaos.propose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a study expects of points: a forest over its scores, one over whether trials can be made,
 * and what was confirmed so often that there is nothing to learn there any more.
 */
final class Surrogate {
  private static final double PENDING = 0.3;

  private final Forest forest;
  private final Optional<Forest> valid;
  private final List<int[]> pending = new ArrayList<>();
  private final double[] scores;
  private final double best;

  private Surrogate(Forest forest, Optional<Forest> valid, double[] scores) {
    this.forest = forest;
    this.valid = valid;
    this.scores = scores;
    best = Arrays.stream(scores).max().orElse(Double.NEGATIVE_INFINITY);
  }

  static Surrogate of(Study study, Growth growth, double confirmed, long seed) {
    double[] scores = Masking.scores(study, confirmed, seed);
    Forest forest = Forest.fit(study.samples(scores), growth, seed);
    Surrogate surrogate = new Surrogate(forest, validity(study, seed), scores);
    for (double[] row : study.pending) {
      surrogate.pending.add(surrogate.forest.leaves(row));
    }
    return surrogate;
  }

  private static Optional<Forest> validity(Study study, long seed) {
    if (study.invalid.isEmpty()) {
      return Optional.empty();
    }
    Samples samples = new Samples(study.chart.rowLevels());
    study.rows.forEach(row -> samples.add(row, 1));
    study.invalid.forEach(row -> samples.add(row, 0));
    return Optional.of(Forest.fit(samples, Growth.CART.withTrees(40).withMinLeaf(2), seed));
  }

  /** What it learned from: the scores of trials, those of what was confirmed as if healthy. */
  double[] scores() {
    return scores.clone();
  }

  /** What is expected of rows. */
  double[] means(double[][] rows) {
    double[] means = new double[rows.length];
    forest.predict(rows, rows.length, means, new double[rows.length]);
    return means;
  }

  /** The leaves rows fall into, see {@link Forest#proximity}. */
  List<int[]> leaves(List<double[]> rows) {
    return rows.stream().map(forest::leaves).toList();
  }

  /** How much improvement is expected of rows; less where trials fail or are under way. */
  double[] improvements(double[][] rows, int count) {
    double[] means = new double[count];
    double[] variances = new double[count];
    forest.predict(rows, count, means, variances);
    double[] gains = new double[count];
    for (int i = 0; i < count; i++) {
      gains[i] = Normal.improvement(means[i], Math.sqrt(variances[i]), best);
    }
    valid.ifPresent(it -> {
      it.predict(rows, count, means, variances);
      for (int i = 0; i < count; i++) {
        gains[i] *= Math.max(0.05, means[i]);
      }
    });
    for (int i = 0; i < count && !pending.isEmpty(); i++) {
      int[] leaves = forest.leaves(rows[i]);
      boolean near = pending.stream().anyMatch(it -> Forest.proximity(it, leaves) > PENDING);
      gains[i] *= near ? 0.01 : 1;
    }
    return gains;
  }
}
