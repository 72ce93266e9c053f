package dev.belay.chaos.propose;

import java.util.Arrays;

/** A tree in arrays, by node; the root is node 0, a right child follows its left one. */
final class Tree {
  private static final int LEAF = -1;

  /** Marks the feature of a node that asks for levels instead of a number. */
  private static final int LEVELS = 1 << 16;

  private int[] features = new int[32];
  private double[] cuts = new double[32];
  private long[] masks = new long[32];
  private int[] lefts = new int[32];
  private double[] means = new double[32];
  private double[] variances = new double[32];
  private int size;

  /** Room for one more node; gives its number. */
  int node() {
    if (size == features.length) {
      resize(2 * size);
    }
    features[size] = LEAF;
    return size++;
  }

  void leaf(int node, double mean, double variance) {
    means[node] = mean;
    variances[node] = variance;
  }

  /** Numbers up to the cut go to the left. */
  void cut(int node, int feature, double cut, int left) {
    features[node] = feature;
    cuts[node] = cut;
    lefts[node] = left;
  }

  /** Levels in the mask go to the left. */
  void part(int node, int feature, long mask, int left) {
    features[node] = feature | LEVELS;
    masks[node] = mask;
    lefts[node] = left;
  }

  /** Frees what it does not need. */
  Tree done() {
    resize(size);
    return this;
  }

  private void resize(int length) {
    features = Arrays.copyOf(features, length);
    cuts = Arrays.copyOf(cuts, length);
    masks = Arrays.copyOf(masks, length);
    lefts = Arrays.copyOf(lefts, length);
    means = Arrays.copyOf(means, length);
    variances = Arrays.copyOf(variances, length);
  }

  /** The leaf that a row falls into. */
  int leafOf(double[] row) {
    int node = 0;
    int feature = features[0];
    while (feature != LEAF) {
      boolean right =
          feature < LEVELS
              ? row[feature] > cuts[node]
              : (masks[node] >>> (int) row[feature - LEVELS] & 1) == 0;
      node = lefts[node] + (right ? 1 : 0);
      feature = features[node];
    }
    return node;
  }

  /**
   * The leaves that many rows fall into. All rows of a node are parted before the next node,
   * without a branch: which way each row goes cannot be foreseen.
   *
   * @param columns the rows, by feature
   * @param leaves where the leaves go, by row
   */
  void leavesOf(double[][] columns, int[] leaves) {
    int[] rows = new int[leaves.length];
    int[] spare = new int[leaves.length];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row;
    }
    int[] from = new int[size];
    int[] to = new int[size];
    to[0] = rows.length;
    for (int node = 0; node < size; node++) { // a child comes after its parent
      if (features[node] == LEAF) {
        for (int at = from[node]; at < to[node]; at++) {
          leaves[rows[at]] = node;
        }
        continue;
      }
      boolean number = features[node] < LEVELS;
      double[] column = columns[number ? features[node] : features[node] - LEVELS];
      double cut = cuts[node];
      long mask = masks[node];
      int end = to[node];
      int left = from[node];
      int right = 0;
      for (int at = left; at < end; at++) {
        int row = rows[at];
        int goesRight = number ? isAbove(column[row], cut) : isNotIn(mask, column[row]);
        rows[left] = row;
        spare[right] = row;
        left += 1 - goesRight;
        right += goesRight;
      }
      System.arraycopy(spare, 0, rows, left, right);
      int child = lefts[node];
      from[child] = from[node];
      to[child] = left;
      from[child + 1] = left;
      to[child + 1] = end;
    }
  }

  /** 1 or 0: the sign of the difference. */
  private static int isAbove(double value, double cut) {
    return (int) (Double.doubleToRawLongBits(cut - value) >>> 63);
  }

  /** 1 or 0. */
  private static int isNotIn(long mask, double level) {
    return (int) (~(mask >>> (int) level) & 1);
  }

  double mean(int leaf) {
    return means[leaf];
  }

  double variance(int leaf) {
    return variances[leaf];
  }

  int size() {
    return size;
  }
}
