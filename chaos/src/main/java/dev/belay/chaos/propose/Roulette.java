package dev.belay.chaos.propose;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws by shares. */
final class Roulette {
  private Roulette() {}

  /** The number of one of the shares, each as likely as it is large; the first if all are 0. */
  static int spin(double[] shares, RandomGenerator random) {
    double at = random.nextDouble() * Arrays.stream(shares).sum();
    int last = 0;
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        last = i;
        at -= shares[i];
        if (at < 0) {
          break;
        }
      }
    }
    return last;
  }
}
