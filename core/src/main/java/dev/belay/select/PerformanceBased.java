package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointStats;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * At random, each candidate as likely as it is fast: by 1 / mean latency of its successes. A new
 * candidate is explored first: while there are any with fewer than {@value #EXPLORED} tries, one of
 * them is taken. One that has had no success counts as slow as the slowest; if none has had one,
 * all are equal. Safe for any number of threads.
 */
public final class PerformanceBased implements Selection {
  private static final int EXPLORED = 5;

  private final RandomGenerator random;

  /** By the randomness of the calling thread. */
  public PerformanceBased() {
    this(SharedRandom.INSTANCE);
  }

  /**
   * By a given randomness.
   *
   * @param random safe for any number of threads
   */
  public PerformanceBased(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    EndpointStats.Snapshot[] records = Records.of(candidates);
    List<E> fresh = new ArrayList<>();
    double slowest = 0;
    for (int i = 0; i < records.length; i++) {
      if (records[i].started() < EXPLORED) {
        fresh.add(candidates.get(i));
      }
      slowest = Math.max(slowest, records[i].meanNanos());
    }
    if (!fresh.isEmpty()) {
      return Draw.any(fresh, random);
    }
    double[] weights = new double[records.length];
    for (int i = 0; i < weights.length; i++) {
      double mean = records[i].meanNanos();
      weights[i] = 1 / Math.max(1, mean == 0 ? slowest : mean);
    }
    return Draw.byWeight(candidates, weights, random);
  }
}
