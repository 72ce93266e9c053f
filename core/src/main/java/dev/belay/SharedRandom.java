package dev.belay;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Randomness for any number of threads, as {@link ThreadLocalRandom} gives it. */
public enum SharedRandom implements RandomGenerator {
  /** The only one; it has no state of its own. */
  INSTANCE;

  @Override
  public long nextLong() {
    return ThreadLocalRandom.current().nextLong();
  }
}
