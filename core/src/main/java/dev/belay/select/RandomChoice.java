package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/** Any candidate, each as likely as the next. Safe for any number of threads. */
public final class RandomChoice implements Selection {
  private final RandomGenerator random;

  /** By the randomness of the calling thread. */
  public RandomChoice() {
    this(SharedRandom.INSTANCE);
  }

  /**
   * By a given randomness.
   *
   * @param random safe for any number of threads
   */
  public RandomChoice(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    return Draw.any(candidates, random);
  }
}
