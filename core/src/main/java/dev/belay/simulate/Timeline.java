package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.util.List;

/**
 * What happened when. Immutable.
 *
 * @param slice how long each slice is
 * @param endpoints names, in the order of {@link Slice#byEndpoint}
 * @param slices from the start to the end of the last call; what comes after 1,200 of them is in
 *     the last
 */
public record Timeline(Duration slice, List<String> endpoints, List<Slice> slices) {
  /** Keeps copies. */
  public Timeline {
    requireNonNull(slice, "slice");
    endpoints = List.copyOf(endpoints);
    slices = List.copyOf(slices);
  }

  /**
   * A piece of time.
   *
   * @param offered calls that came in
   * @param attempts that began
   * @param successes calls that ended well
   * @param failures calls that ended otherwise, except those refused
   * @param refused calls that no endpoint would take
   * @param byEndpoint attempts that began, for each endpoint
   */
  public record Slice(
      long offered,
      long attempts,
      long successes,
      long failures,
      long refused,
      List<Long> byEndpoint) {
    /** Keeps a copy. */
    public Slice {
      byEndpoint = List.copyOf(byEndpoint);
    }
  }

  /** A count as a rate: so many in a slice are how many in a second. */
  public double perSecond(long count) {
    return count * 1e9 / slice.toNanos();
  }

  /** The most attempts in a second that any slice saw, on average over the slice. */
  public double peakAttemptsPerSecond() {
    return perSecond(slices.stream().mapToLong(Slice::attempts).max().orElse(0));
  }

  /**
   * Load on an endpoint, in attempts per second, slice by slice.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public List<Double> load(String endpoint) {
    int index = endpoints.indexOf(endpoint);
    Check.that(index >= 0, "there is no endpoint %s", endpoint);
    return slices.stream().map(one -> perSecond(one.byEndpoint().get(index))).toList();
  }
}
