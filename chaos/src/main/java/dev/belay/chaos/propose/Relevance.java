package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import java.util.Arrays;
import java.util.List;

/**
 * How much each dimension matters, and how noisy scores are: what makes the scores likeliest under
 * a {@link GaussianProcess}, kept near to what is usual while there are few of them. Found uphill
 * along the signs of the slopes.
 *
 * @see <a href="https://doi.org/10.1109/ICNN.1993.298623">Riedmiller, Braun, The RPROP
 *     algorithm</a>
 */
final class Relevance {
  private static final int STEPS = 12;
  private static final int MOST = 50;
  private static final double LEAST_NOISE = Math.log(1e-5);
  private static final double MOST_NOISE = Math.log(0.5);
  private static final double USUAL_NOISE = Math.log(1e-3);

  private final double[] weights;
  private final double noise;

  private Relevance(double[] weights, double noise) {
    this.weights = weights;
    this.noise = noise;
  }

  /** Of the squares of distances, by dimension; above 0. */
  double[] weights() {
    return weights;
  }

  /** The variance of the noise, in that of the scores; above 0. */
  double noise() {
    return noise;
  }

  /** Of rows with scores of mean 0 and deviation 1; the first rows count if there are many. */
  static Relevance of(Chart chart, List<double[]> rows, double[] scores) {
    int every = (rows.size() + MOST - 1) / MOST;
    int size = (rows.size() + every - 1) / every;
    int dimensions = chart.dimensions();
    double[] targets = new double[size];
    double[][][] apart = new double[size][][];
    for (int i = 0; i < size; i++) {
      targets[i] = scores[i * every];
      apart[i] = new double[i][dimensions];
      for (int j = 0; j < i; j++) {
        for (int k = 0; k < dimensions; k++) {
          double[] row = rows.get(i * every);
          apart[i][j][k] = Kernel.apart(chart, k, row[k], rows.get(j * every)[k]);
        }
      }
    }
    return new Climb(apart, targets, dimensions).run();
  }

  /** One way uphill; all in logarithms, the noise behind the weights. */
  private static final class Climb {
    private final double[][][] apart;
    private final double[] targets;
    private final int dimensions;
    private final double usual;
    private final double[] slopes;

    Climb(double[][][] apart, double[] targets, int dimensions) {
      this.apart = apart;
      this.targets = targets;
      this.dimensions = dimensions;
      usual = Math.log(9.0 / dimensions);
      slopes = new double[dimensions + 1];
    }

    Relevance run() {
      double[] at = new double[dimensions + 1];
      Arrays.fill(at, usual);
      at[dimensions] = USUAL_NOISE;
      double[] best = at.clone();
      double most = Double.NEGATIVE_INFINITY;
      double[] steps = new double[at.length];
      Arrays.fill(steps, 0.5);
      double[] before = new double[at.length];
      for (int step = 0; step < STEPS; step++) {
        double likelihood = likelihood(at);
        if (likelihood > most) {
          most = likelihood;
          best = at.clone();
        }
        for (int i = 0; i < at.length; i++) {
          double turn = slopes[i] * before[i];
          steps[i] = Math.clamp(steps[i] * (turn > 0 ? 1.3 : turn < 0 ? 0.5 : 1), 0.01, 1.5);
          at[i] += Math.signum(slopes[i]) * steps[i];
          before[i] = slopes[i];
        }
        at[dimensions] = Math.clamp(at[dimensions], LEAST_NOISE, MOST_NOISE);
      }
      double[] weights = new double[dimensions];
      for (int i = 0; i < dimensions; i++) {
        weights[i] = Math.exp(best[i]);
      }
      return new Relevance(weights, Math.exp(best[dimensions]));
    }

    /** The logarithm of the likelihood, with what is usual; fills the slopes. */
    private double likelihood(double[] at) {
      int size = targets.length;
      double noise = Math.exp(at[dimensions]);
      double[] weights = new double[dimensions];
      for (int k = 0; k < dimensions; k++) {
        weights[k] = Math.exp(at[k]);
      }
      double[][] squares = new double[size][];
      double[][] matrix = new double[size][];
      for (int i = 0; i < size; i++) {
        squares[i] = new double[i];
        matrix[i] = new double[i + 1];
        matrix[i][i] = 1 + noise;
        for (int j = 0; j < i; j++) {
          double sum = 0;
          for (int k = 0; k < dimensions; k++) {
            sum += weights[k] * apart[i][j][k];
          }
          squares[i][j] = sum;
          matrix[i][j] = Kernel.of(sum);
        }
      }
      Cholesky likeness = Cholesky.of(matrix);
      double[] pull = likeness.solve(targets);
      double scale = 0;
      for (int i = 0; i < size; i++) {
        scale += targets[i] * pull[i] / size;
      }
      scale = Math.max(scale, 1e-12);
      climb(at, weights, squares, likeness.inverse(), pull, scale);
      double off = 0;
      for (int k = 0; k < dimensions; k++) {
        off += (at[k] - usual) * (at[k] - usual) / 4;
      }
      double noisy = at[dimensions] - USUAL_NOISE;
      return -0.5 * size * Math.log(scale)
          - likeness.halfLogDeterminant()
          - off
          - noisy * noisy / 8;
    }

    private void climb(
        double[] at,
        double[] weights,
        double[][] squares,
        double[][] inverse,
        double[] pull,
        double scale) {
      Arrays.fill(slopes, 0);
      for (int i = 0; i < targets.length; i++) {
        slopes[dimensions] += 0.5 * (pull[i] * pull[i] / scale - inverse[i][i]);
        for (int j = 0; j < i; j++) {
          double worth = pull[i] * pull[j] / scale - inverse[i][j]; // twice half of it
          double change = worth * Kernel.slope(squares[i][j]);
          for (int k = 0; k < dimensions; k++) {
            slopes[k] += change * weights[k] * apart[i][j][k];
          }
        }
      }
      for (int k = 0; k < dimensions; k++) {
        slopes[k] -= (at[k] - usual) / 2;
      }
      slopes[dimensions] =
          slopes[dimensions] * Math.exp(at[dimensions]) - (at[dimensions] - USUAL_NOISE) / 4;
    }
  }
}
