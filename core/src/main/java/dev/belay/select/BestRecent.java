package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Check;
import dev.belay.Endpoint;
import dev.belay.EndpointStats;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The candidate that has done best of late: 0.7 x success rate + 0.3 x (1 - latency / largest
 * latency), divided by 1 + attempts in flight / (1 + their mean). Equals are drawn. One that little
 * is known of counts as average, so it is neither best nor worst.
 *
 * <p>Before that, in this order: candidates of the call's country, and among these of its region,
 * if there are any; one that is due for its breaker's probe, because only traffic can bring it
 * back; now and then any of them, so that no knowledge grows old. In pools of more than 128 a due
 * probe may take a few choices to be found. Safe for any number of threads.
 */
public final class BestRecent implements Selection {
  private static final double EXPLORATION = 0.05;

  private final Filter country = Filter.sameCountry();
  private final Filter region = Filter.sameRegion();
  private final double exploration;
  private final RandomGenerator random;

  /** Explores with 5 % of its choices, by the randomness of the calling thread. */
  public BestRecent() {
    this(SharedRandom.INSTANCE);
  }

  /**
   * Explores with 5 % of its choices.
   *
   * @param random safe for any number of threads
   */
  public BestRecent(RandomGenerator random) {
    this(EXPLORATION, random);
  }

  /**
   * Explores as much as wanted.
   *
   * @param exploration share of choices that are made at random, 0 to 1
   * @param random safe for any number of threads
   * @throws IllegalArgumentException if the share is out of range
   */
  public BestRecent(double exploration, RandomGenerator random) {
    Check.that(
        exploration >= 0 && exploration <= 1, "exploration must be 0 to 1, was %s", exploration);
    this.exploration = exploration;
    this.random = requireNonNull(random, "random");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    List<E> near = region.narrow(country.narrow(candidates, call), call);
    if (near.size() == 1) {
      return near.getFirst();
    }
    int due = Probes.due(near);
    if (due >= 0) {
      return near.get(due);
    }
    return random.nextDouble() < exploration ? Draw.any(near, random) : best(near);
  }

  private <E extends Endpoint> E best(List<E> candidates) {
    EndpointStats.Snapshot[] records = Records.of(candidates);
    Averages averages = Averages.of(records);
    int best = 0;
    int equals = 0;
    double highest = -1;
    for (int i = 0; i < records.length; i++) {
      double score = averages.score(records[i]);
      if (score > highest) {
        highest = score;
        best = i;
        equals = 1;
      } else if (score == highest && random.nextInt(++equals) == 0) {
        best = i;
      }
    }
    return candidates.get(best);
  }
}
