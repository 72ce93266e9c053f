package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointStats;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * At random, each candidate as likely as its {@link dev.belay.Endpoint.Traits#weight weight} says.
 * Weights that are all the same say nothing: then each is as likely as its success rate says, and
 * one that only fails a tenth as likely as one that never does, so that it can come back. Safe for
 * any number of threads.
 */
public final class Weighted implements Selection {
  private static final double LEAST_RATE = 0.1;

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
    return Draw.byWeight(candidates, areEqual(weights) ? rates(candidates) : weights, random);
  }

  private static boolean areEqual(double[] weights) {
    for (double weight : weights) {
      if (weight != weights[0]) {
        return false;
      }
    }
    return true;
  }

  private static double[] rates(List<? extends Endpoint> candidates) {
    EndpointStats.Snapshot[] records = Records.of(candidates);
    double[] rates = new double[records.length];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = Math.max(LEAST_RATE, records[i].successRate());
    }
    return rates;
  }
}
