package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * At random, each candidate as likely as its {@link dev.belay.Endpoint.Traits#weight weight} says.
 * Safe for any number of threads.
 */
public final class Weighted implements Selection {
  private final RandomGenerator random;

  /** By the randomness of the calling thread. */
  public Weighted() {
    this(SharedRandom.INSTANCE);
  }

  /**
   * By a given randomness.
   *
   * @param random safe for any number of threads
   */
  public Weighted(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    double[] weights = new double[candidates.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = candidates.get(i).traits().weight();
    }
    return Draw.byWeight(candidates, weights, random);
  }
}
