package dev.belay.chaos.propose;

/** The normal distribution. */
final class Normal {
  private static final double ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

  private Normal() {}

  static double density(double z) {
    return Math.exp(-0.5 * z * z) / ROOT_TWO_PI;
  }

  /** Within 1e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
  static double below(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double tail =
        density(z)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z >= 0 ? 1 - tail : tail;
  }

  /** How much more than a best one a normal value is expected to be. */
  static double improvement(double mean, double deviation, double best) {
    double more = mean - best;
    if (deviation <= 0) {
      return Math.max(0, more);
    }
    double z = more / deviation;
    return Math.max(0, more * below(z) + deviation * density(z));
  }
}
