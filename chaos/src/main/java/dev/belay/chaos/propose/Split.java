package dev.belay.chaos.propose;

/** The best split of a node so far; used again for each node. */
final class Split {
  int feature;
  double gain;

  /** For numbers: the highest rank on the left, and the value that parts it from the next. */
  int rank;

  double cut;

  /** For categories: the levels on the left. */
  long mask;

  void clear() {
    feature = -1;
    gain = Double.NEGATIVE_INFINITY;
  }

  boolean found() {
    return feature >= 0;
  }

  boolean goesLeft(Ranked data, int sample) {
    int at = data.ranks[feature][sample];
    return data.levels[feature] == 0 ? at <= rank : (mask >>> at & 1) != 0;
  }

  void take(int feature, double gain, int rank, double cut) {
    this.feature = feature;
    this.gain = gain;
    this.rank = rank;
    this.cut = cut;
  }

  void take(int feature, double gain, long mask) {
    this.feature = feature;
    this.gain = gain;
    this.mask = mask;
  }
}
