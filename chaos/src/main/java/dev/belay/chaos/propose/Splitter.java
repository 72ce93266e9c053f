package dev.belay.chaos.propose;

import java.util.random.RandomGenerator;

/**
 * Looks for the split of a node that leaves the least squared error, which is the one with the most
 * of sum^2 / weight over both sides. Its arrays are used again for each node.
 */
final class Splitter {
  private final Ranked data;
  private final Growth growth;

  /** By sample: weight in this tree, and weight times target. */
  final double[] weights;

  final double[] sums;

  private final double[] levelWeights = new double[Samples.MAX_LEVELS];
  private final double[] levelSums = new double[Samples.MAX_LEVELS];
  private final int[] present = new int[Samples.MAX_LEVELS];
  private double nodeWeight;
  private double nodeSum;

  Splitter(Ranked data, Growth growth) {
    this.data = data;
    this.growth = growth;
    weights = new double[data.size];
    sums = new double[data.size];
  }

  void enter(double weight, double sum) {
    nodeWeight = weight;
    nodeSum = sum;
  }

  private double gain(double weight, double sum) {
    double otherWeight = nodeWeight - weight;
    double otherSum = nodeSum - sum;
    return sum * sum / weight + otherSum * otherSum / otherWeight;
  }

  private boolean allows(double weight) {
    return weight >= growth.minLeaf() && nodeWeight - weight >= growth.minLeaf();
  }

  /** All cuts between neighbours of a number; {@code order} lists the node's samples by it. */
  void bestCut(int feature, int[] order, int from, int to, Split best) {
    int[] rank = data.ranks[feature];
    int last = rank[order[to - 1]];
    double weight = 0;
    double sum = 0;
    int here = rank[order[from]];
    if (here == last) {
      return;
    }
    for (int at = from; here != last; ) {
      int sample = order[at++];
      weight += weights[sample];
      sum += sums[sample];
      int next = rank[order[at]];
      if (next != here && allows(weight)) {
        double gain = gain(weight, sum);
        if (gain > best.gain) {
          double low = data.values[feature][here];
          double high = data.values[feature][next];
          best.take(feature, gain, here, below(low + (high - low) / 2, low, high));
        }
      }
      here = next;
    }
  }

  /** One cut anywhere between the least and the greatest value of a number. */
  void randomCut(int feature, int[] rows, Span span, RandomGenerator random, Split best) {
    int[] rank = data.ranks[feature];
    int least = Integer.MAX_VALUE;
    int most = -1;
    for (int at = span.from(); at < span.to(); at++) {
      int r = rank[rows[at]];
      least = Math.min(least, r);
      most = Math.max(most, r);
    }
    if (least == most) {
      return;
    }
    double[] values = data.values[feature];
    double low = values[least];
    double high = values[most];
    double cut = below(low + random.nextDouble() * (high - low), low, high);
    int under = least;
    for (int step = most; under < step; ) { // the highest rank whose value is not above the cut
      int middle = (under + step + 1) >>> 1;
      if (values[middle] <= cut) {
        under = middle;
      } else {
        step = middle - 1;
      }
    }
    double weight = 0;
    double sum = 0;
    for (int at = span.from(); at < span.to(); at++) {
      int sample = rows[at];
      if (rank[sample] <= under) {
        weight += weights[sample];
        sum += sums[sample];
      }
    }
    if (allows(weight)) {
      double gain = gain(weight, sum);
      if (gain > best.gain) {
        best.take(feature, gain, under, cut);
      }
    }
  }

  private static double below(double cut, double low, double high) {
    return cut >= low && cut < high ? cut : low;
  }

  /** The best of all parts of the levels: by mean, the best part is one of the beginnings. */
  void bestPart(int feature, int[] rows, Span span, Split best) {
    int count = levelsIn(feature, rows, span);
    for (int i = 1; i < count; i++) {
      int level = present[i];
      double mean = levelSums[level] / levelWeights[level];
      int at = i;
      for (; at > 0 && levelSums[present[at - 1]] / levelWeights[present[at - 1]] > mean; at--) {
        present[at] = present[at - 1];
      }
      present[at] = level;
    }
    double weight = 0;
    double sum = 0;
    long mask = 0;
    for (int i = 0; i < count - 1; i++) {
      weight += levelWeights[present[i]];
      sum += levelSums[present[i]];
      mask |= 1L << present[i];
      offer(feature, weight, sum, mask, best);
    }
  }

  /** One random part of the levels. */
  void randomPart(int feature, int[] rows, Span span, RandomGenerator random, Split best) {
    int count = levelsIn(feature, rows, span);
    if (count < 2) {
      return;
    }
    double weight = 0;
    double sum = 0;
    long mask = 0;
    int left = 1 + random.nextInt(count - 1);
    for (int i = 0; i < left; i++) {
      int other = i + random.nextInt(count - i);
      int level = present[other];
      present[other] = present[i];
      weight += levelWeights[level];
      sum += levelSums[level];
      mask |= 1L << level;
    }
    offer(feature, weight, sum, mask, best);
  }

  private void offer(int feature, double weight, double sum, long mask, Split best) {
    if (allows(weight)) {
      double gain = gain(weight, sum);
      if (gain > best.gain) {
        best.take(feature, gain, weight * 2 > nodeWeight ? mask | absent(feature) : mask);
      }
    }
  }

  /** Levels that the node has not seen go with the heavier side. */
  private long absent(int feature) {
    long mask = 0;
    for (int level = 0; level < data.levels[feature]; level++) {
      if (levelWeights[level] == 0) {
        mask |= 1L << level;
      }
    }
    return mask;
  }

  private int levelsIn(int feature, int[] rows, Span span) {
    int levels = data.levels[feature];
    for (int level = 0; level < levels; level++) {
      levelWeights[level] = 0;
      levelSums[level] = 0;
    }
    int[] level = data.ranks[feature];
    for (int at = span.from(); at < span.to(); at++) {
      int sample = rows[at];
      levelWeights[level[sample]] += weights[sample];
      levelSums[level[sample]] += sums[sample];
    }
    int count = 0;
    for (int each = 0; each < levels; each++) {
      if (levelWeights[each] > 0) {
        present[count++] = each;
      }
    }
    return count;
  }

  /** A range of positions: the samples of a node. */
  record Span(int from, int to) {}
}
