package dev.belay.chaos.propose;

import dev.belay.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A regression forest over numbers and categories that knows how sure it is. Categories are split
 * by sets of levels, never by an order they do not have. Does not change once it is grown; safe for
 * any number of threads. The same samples, growth and seed give the same forest, on any machine.
 *
 * @see <a href="https://doi.org/10.1023/A:1010933404324">Breiman, Random forests</a>
 * @see <a href="https://doi.org/10.1007/s10994-006-6226-1">Geurts et al., Extremely randomized
 *     trees</a>
 */
public final class Forest {
  private final List<Tree> trees;
  private final int features;

  private Forest(List<Tree> trees, int features) {
    this.trees = trees;
    this.features = features;
  }

  /**
   * What a forest expects of a row.
   *
   * @param mean over the trees
   * @param variance of the leaves, on average, and between their means (law of total variance)
   */
  public record Prediction(double mean, double variance) {
    /** The square root of the variance. */
    public double deviation() {
      return Math.sqrt(variance);
    }
  }

  /**
   * Grows a forest.
   *
   * @param samples at least one; may change later without effect on the forest
   */
  public static Forest fit(Samples samples, Growth growth, long seed) {
    Check.that(samples.size() > 0, "a forest needs a sample, there was none");
    Grower grower = new Grower(new Ranked(samples), growth);
    List<Tree> trees = new ArrayList<>(growth.trees());
    for (int tree = 0; tree < growth.trees(); tree++) {
      trees.add(grower.grow(Seeds.of(seed, tree)));
    }
    return new Forest(List.copyOf(trees), samples.features());
  }

  /** How many trees it has. */
  public int trees() {
    return trees.size();
  }

  /** How many features its rows have. */
  public int features() {
    return features;
  }

  /** What it expects of a row, which holds features in the manner of the samples. */
  public Prediction predict(double[] row) {
    double[] mean = new double[1];
    double[] variance = new double[1];
    predict(new double[][] {row}, 1, mean, variance);
    return new Prediction(mean[0], variance[0]);
  }

  /**
   * What it expects of the first {@code count} rows.
   *
   * @param means where the means go, by row
   * @param variances where the variances go, by row
   */
  public void predict(double[][] rows, int count, double[] means, double[] variances) {
    double[][] columns = columns(rows, count);
    Arrays.fill(means, 0, count, 0);
    Arrays.fill(variances, 0, count, 0);
    int[] leaves = new int[count];
    // The variance between trees by Welford, so that it cannot fall below 0.
    for (int t = 0; t < trees.size(); t++) {
      Tree tree = trees.get(t);
      tree.leavesOf(columns, leaves);
      double share = 1.0 / (t + 1);
      for (int i = 0; i < count; i++) {
        double mean = tree.mean(leaves[i]);
        double off = mean - means[i];
        means[i] += off * share;
        variances[i] += tree.variance(leaves[i]) + off * (mean - means[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      variances[i] /= trees.size();
    }
  }

  private double[][] columns(double[][] rows, int count) {
    double[][] columns = new double[features][count];
    for (int i = 0; i < count; i++) {
      Check.that(
          rows[i].length == features,
          "row must have %d features, had %d",
          features,
          rows[i].length);
      for (int feature = 0; feature < features; feature++) {
        columns[feature][i] = rows[i][feature];
      }
    }
    return columns;
  }

  /** The leaf a row falls into, for each tree: with {@link #proximity} how alike rows are. */
  public int[] leaves(double[] row) {
    int[] leaves = new int[trees.size()];
    for (int t = 0; t < leaves.length; t++) {
      leaves[t] = trees.get(t).leafOf(row);
    }
    return leaves;
  }

  /** In how many of the trees, as a share of 0 to 1, two rows fall into the same leaf. */
  public static double proximity(int[] leaves, int[] others) {
    int same = 0;
    for (int t = 0; t < leaves.length; t++) {
      if (leaves[t] == others[t]) {
        same++;
      }
    }
    return (double) same / leaves.length;
  }

  /** How many nodes all trees have: what it takes of memory, 44 bytes each. */
  public int nodes() {
    return trees.stream().mapToInt(Tree::size).sum();
  }
}
