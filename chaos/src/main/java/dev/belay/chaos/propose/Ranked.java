package dev.belay.chaos.propose;

import java.util.Arrays;

/**
 * Samples as the growth of trees wants them: each number is replaced by its rank among the values
 * of its feature, and for each feature the samples are listed in that order. Sorted once for all
 * trees.
 */
final class Ranked {
  final int size;
  final int features;
  final double[] targets;
  final double[] weights;

  /** By feature; 0 for numbers. */
  final int[] levels;

  /** By feature, then sample; the level itself for categories. */
  final int[][] ranks;

  /** By feature, then rank; empty for categories. */
  final double[][] values;

  /** By feature, then position; empty for categories. */
  final int[][] orders;

  Ranked(Samples samples) {
    size = samples.size();
    features = samples.features();
    targets = new double[size];
    weights = new double[size];
    for (int i = 0; i < size; i++) {
      targets[i] = samples.target(i);
      weights[i] = samples.weight(i);
    }
    levels = new int[features];
    ranks = new int[features][size];
    values = new double[features][];
    orders = new int[features][];
    for (int feature = 0; feature < features; feature++) {
      levels[feature] = samples.levels(feature);
      if (levels[feature] == 0) {
        rankNumbers(samples, feature);
      } else {
        for (int i = 0; i < size; i++) {
          ranks[feature][i] = (int) samples.value(i, feature);
        }
        values[feature] = new double[0];
        orders[feature] = new int[0];
      }
    }
  }

  private void rankNumbers(Samples samples, int feature) {
    double[] sorted = new double[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = samples.value(i, feature) + 0.0; // so that -0 and 0 are one value
    }
    Arrays.sort(sorted);
    int distinct = 0;
    for (double value : sorted) {
      if (distinct == 0 || value != sorted[distinct - 1]) {
        sorted[distinct++] = value;
      }
    }
    int[] rank = ranks[feature];
    int[] next = new int[distinct + 1];
    for (int i = 0; i < size; i++) {
      rank[i] = Arrays.binarySearch(sorted, 0, distinct, samples.value(i, feature) + 0.0);
      next[rank[i] + 1]++;
    }
    for (int r = 0; r < distinct; r++) {
      next[r + 1] += next[r];
    }
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[next[rank[i]]++] = i;
    }
    values[feature] = Arrays.copyOf(sorted, distinct);
    orders[feature] = order;
  }
}
