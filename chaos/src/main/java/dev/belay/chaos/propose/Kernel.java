package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;

/**
 * How alike two rows are for a {@link GaussianProcess}: Matérn of 5/2 over distances that each
 * dimension weighs for itself. Categories, and dimensions that are active in one row only, differ
 * or do not.
 *
 * @see <a href="https://gaussianprocess.org/gpml/">Rasmussen, Williams, Gaussian Processes for
 *     Machine Learning, 4.2</a>
 */
final class Kernel {
  private final Chart chart;
  private final double[] weights;

  Kernel(Chart chart, double[] weights) {
    this.chart = chart;
    this.weights = weights;
  }

  /** The square of the distance of two rows in one dimension, before it is weighed. */
  static double apart(Chart chart, int dimension, double a, double b) {
    if (a == b) {
      return 0;
    }
    boolean jumps =
        chart.levels(dimension) > 0 || chart.isMark(dimension, a) || chart.isMark(dimension, b);
    return jumps ? 1 : (a - b) * (a - b);
  }

  /** Likeness of rows, 1 for the same. */
  double of(double[] a, double[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += weights[i] * apart(chart, i, a[i], b[i]);
    }
    return of(squares);
  }

  /** Likeness at the square of a weighed distance. */
  static double of(double squares) {
    double far = Math.sqrt(5 * squares);
    return (1 + far + far * far / 3) * Math.exp(-far);
  }

  /** How likeness changes with the square of the weighed distance. */
  static double slope(double squares) {
    double far = Math.sqrt(5 * squares);
    return -5.0 / 6 * (1 + far) * Math.exp(-far);
  }
}
