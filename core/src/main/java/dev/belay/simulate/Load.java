package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.util.List;

/**
 * The calls that come in, whatever becomes of them: an open loop, as users are. Immutable.
 *
 * @param perSecond calls on average, above 0 and at most 100,000
 * @param arrivals how they are spaced
 * @param length for how long they come, above 0 and at most a day; 2,000,000 calls at the most
 * @param regions where calls would like to go, in turn; empty if they do not mind
 */
public record Load(double perSecond, Arrivals arrivals, Duration length, List<String> regions) {
  private static final double MOST_CALLS = 2e6;

  /** How calls are spaced. */
  public enum Arrivals {
    /** One like the other. */
    EVEN,
    /** Independent of each other: the gaps are exponential. */
    POISSON
  }

  /** Keeps a copy of the regions. */
  public Load {
    requireNonNull(arrivals, "arrivals");
    regions = List.copyOf(regions);
    Check.that(
        perSecond > 0 && perSecond <= 1e5,
        "rate must be above 0 and at most 100000, was %s",
        perSecond);
    Check.that(
        length.isPositive() && length.compareTo(Latency.LONGEST) <= 0,
        "duration must be above 0 and at most a day, was %s",
        length);
    double calls = perSecond * length.toNanos() / 1e9;
    Check.that(
        calls >= 1 && calls <= MOST_CALLS,
        "rate times duration must be 1 to 2000000 calls, was %.0f",
        calls);
  }

  /** Independent calls. */
  public static Load poisson(double perSecond, Duration length) {
    return new Load(perSecond, Arrivals.POISSON, length, List.of());
  }

  /** Evenly spaced calls. */
  public static Load even(double perSecond, Duration length) {
    return new Load(perSecond, Arrivals.EVEN, length, List.of());
  }

  /** So many calls instead of a length of time. */
  public Load withCalls(long calls) {
    Duration until = Duration.ofNanos((long) (calls / perSecond * 1e9));
    return new Load(perSecond, arrivals, until, regions);
  }

  /** The same for callers in these regions. */
  public Load withRegions(List<String> regions) {
    return new Load(perSecond, arrivals, length, regions);
  }
}
