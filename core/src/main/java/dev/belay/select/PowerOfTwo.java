package dev.belay.select;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointStats.Snapshot;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The better of two candidates drawn at random: the one with the lower peak latency x (attempts in
 * flight + 1) / success rate. One that nothing is known of counts as fast as the other, so that
 * only load decides. Spreads load nearly as well as looking at all of them, and never herds.
 *
 * <p>One that is due for its breaker's probe goes first, because only traffic can bring it back; in
 * pools of more than 128 it may take a few choices to be found. Safe for any number of threads.
 *
 * @see <a href="https://doi.org/10.1109/71.963420">The Power of Two Choices in Randomized Load
 *     Balancing</a>
 */
public final class PowerOfTwo implements Selection {
  private static final double LEAST_SUCCESS_RATE = 0.01;

  private final RandomGenerator random;

  /** By the randomness of the calling thread. */
  public PowerOfTwo() {
    this(SharedRandom.INSTANCE);
  }

  /**
   * By a given randomness.
   *
   * @param random safe for any number of threads
   */
  public PowerOfTwo(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    int size = candidates.size();
    if (size == 1) {
      return candidates.getFirst();
    }
    int due = Probes.due(candidates);
    if (due >= 0) {
      return candidates.get(due);
    }
    int first = random.nextInt(size);
    int other = random.nextInt(size - 1);
    E one = candidates.get(first);
    E two = candidates.get(other < first ? other : other + 1);
    return better(one, two);
  }

  private static <E extends Endpoint> E better(E one, E two) {
    Snapshot ones = one.stats().snapshot();
    Snapshot twos = two.stats().snapshot();
    return burden(ones, twos) <= burden(twos, ones) ? one : two;
  }

  private static double burden(Snapshot own, Snapshot other) {
    double peak = own.peakNanos() == 0 ? other.peakNanos() : own.peakNanos();
    double rate = Math.max(LEAST_SUCCESS_RATE, own.successRate());
    return Math.max(1, peak) * (own.inFlight() + 1) / rate;
  }
}
