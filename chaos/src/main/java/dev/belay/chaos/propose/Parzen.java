package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How one dimension is spread over some trials: a mixture of a kernel on each of them, as wide as
 * the gaps to its neighbours, and one over the whole dimension.
 *
 * @see <a href="https://papers.nips.cc/paper/4443">Bergstra et al., Algorithms for hyper-parameter
 *     optimization, 2011</a>
 */
final class Parzen {
  private final double[] centres;
  private final double[] widths;
  private final double[] shares;

  private Parzen(double[] centres, double[] widths, double[] shares) {
    this.centres = centres;
    this.widths = widths;
    this.shares = shares;
  }

  /** Of a dimension over some rows; those in which it is not active do not count. */
  static Parzen of(Chart chart, int dimension, List<double[]> rows) {
    double[] values =
        rows.stream()
            .mapToDouble(row -> row[dimension])
            .filter(value -> !chart.isMark(dimension, value))
            .sorted()
            .toArray();
    return chart.levels(dimension) > 0
        ? new Parzen(new double[0], new double[0], shares(values, chart.levels(dimension)))
        : kernels(values);
  }

  private static double[] shares(double[] values, int levels) {
    double[] shares = new double[levels];
    Arrays.fill(shares, 1.0 / levels);
    for (double value : values) {
      shares[(int) value]++;
    }
    for (int i = 0; i < levels; i++) {
      shares[i] /= values.length + 1;
    }
    return shares;
  }

  private static Parzen kernels(double[] values) {
    int size = values.length + 1;
    double[] centres = Arrays.copyOf(values, size);
    centres[size - 1] = 0.5;
    Arrays.sort(centres);
    double[] widths = new double[size];
    double least = 1.0 / Math.min(100, size + 1);
    boolean found = false;
    for (int i = 0; i < size; i++) {
      double left = i == 0 ? centres[i] : centres[i] - centres[i - 1];
      double right = i == size - 1 ? 1 - centres[i] : centres[i + 1] - centres[i];
      widths[i] = Math.clamp(Math.max(left, right), least, 1);
      if (!found && centres[i] == 0.5) {
        widths[i] = 1;
        found = true;
      }
    }
    return new Parzen(centres, widths, new double[0]);
  }

  double draw(RandomGenerator random) {
    if (shares.length > 0) {
      double at = random.nextDouble();
      for (int level = 0; level < shares.length - 1; level++) {
        at -= shares[level];
        if (at < 0) {
          return level;
        }
      }
      return shares.length - 1.0;
    }
    int kernel = random.nextInt(centres.length);
    for (int tries = 0; tries < 50; tries++) {
      double value = centres[kernel] + widths[kernel] * random.nextGaussian();
      if (value >= 0 && value <= 1) {
        return value;
      }
    }
    return centres[kernel];
  }

  double logDensity(double coordinate) {
    if (shares.length > 0) {
      return Math.log(shares[(int) coordinate]);
    }
    double sum = 0;
    for (int i = 0; i < centres.length; i++) {
      double z = (coordinate - centres[i]) / widths[i];
      double inside =
          Normal.below((1 - centres[i]) / widths[i]) - Normal.below(-centres[i] / widths[i]);
      sum += Normal.density(z) / (widths[i] * inside);
    }
    return Math.log(sum / centres.length + 1e-300);
  }
}
