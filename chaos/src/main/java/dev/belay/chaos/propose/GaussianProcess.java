package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a smooth model, a Gaussian process, expects of points. Learns by itself how much each
 * dimension matters. Knows at most {@value #MOST} trials, the best and the latest: its costs grow
 * with their cube.
 */
final class GaussianProcess {
  private static final int MOST = 80;

  private final Kernel kernel;
  private final List<double[]> rows;
  private final Cholesky likeness;
  private final double[] pull;
  private final double scale;
  private final double best;

  private GaussianProcess(Kernel kernel, List<double[]> rows, double[] scores, double noise) {
    this.kernel = kernel;
    this.rows = rows;
    double[][] matrix = new double[scores.length][];
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      matrix[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = kernel.of(rows.get(i), rows.get(j)) + (i == j ? noise : 0);
      }
      most = Math.max(most, scores[i]);
    }
    best = most;
    likeness = Cholesky.of(matrix);
    pull = likeness.solve(scores);
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += scores[i] * pull[i];
    }
    scale = Math.max(1e-12, sum / scores.length);
  }

  static GaussianProcess of(Study study) {
    Chart chart = study.chart;
    Set<Integer> chosen = new LinkedHashSet<>();
    List<Integer> ranking = study.ranking();
    for (int i = 0; i < ranking.size() && chosen.size() < MOST / 2; i++) {
      chosen.add(ranking.get(i));
    }
    for (int i = study.size() - 1; i >= 0 && chosen.size() < MOST; i--) {
      chosen.add(i);
    }
    List<double[]> rows = new ArrayList<>();
    double[] scores = new double[chosen.size()];
    int count = 0;
    for (int trial : chosen) {
      rows.add(study.rows.get(trial));
      scores[count++] = study.scores.get(trial);
    }
    standardise(scores, study.scores.get(ranking.get(ranking.size() / 2)), study.best());
    Relevance learned = Relevance.of(chart, rows, scores);
    return new GaussianProcess(new Kernel(chart, learned.weights()), rows, scores, learned.noise());
  }

  /** To mean 0 and deviation 1; how deep the deepest are says nothing about the top. */
  private static void standardise(double[] scores, double median, double best) {
    double floor = median - 2 * Math.max(1e-9, best - median);
    double mean = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.max(floor, scores[i]);
      mean += scores[i] / scores.length;
    }
    double squares = 0;
    for (double score : scores) {
      squares += (score - mean) * (score - mean);
    }
    double deviation = Math.max(1e-9, Math.sqrt(squares / scores.length));
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (scores[i] - mean) / deviation;
    }
  }

  /** How much improvement is expected of a row, in deviations of the scores. */
  double improvement(double[] row) {
    double[] alike = new double[rows.size()];
    double mean = 0;
    for (int i = 0; i < alike.length; i++) {
      alike[i] = kernel.of(row, rows.get(i));
      mean += alike[i] * pull[i];
    }
    double known = 0;
    for (double part : likeness.forward(alike)) {
      known += part * part;
    }
    double variance = scale * Math.max(1e-9, 1 - known);
    return Normal.improvement(mean, Math.sqrt(variance), best);
  }
}
