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
  private final double best;

  private Surrogate(Forest forest, Optional<Forest> valid, double best) {
    this.forest = forest;
    this.valid = valid;
    this.best = best;
  }

  static Surrogate of(Study study, Growth growth, double confirmed, long seed) {
    double[] scores = Masking.scores(study, confirmed, seed);
    Forest forest = Forest.fit(study.samples(scores), growth, seed);
    double best = Arrays.stream(scores).max().orElse(Double.NEGATIVE_INFINITY);
    Surrogate surrogate = new Surrogate(forest, validity(study, seed), best);
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
