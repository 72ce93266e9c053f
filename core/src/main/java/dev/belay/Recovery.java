package dev.belay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How a pool treats endpoints that failed lately. Immutable.
 *
 * <p><b>Slow start.</b> While an endpoint's breaker has been closed for less than {@code
 * slowStart}, because the endpoint is new or has just recovered, it takes part in a choice only now
 * and then: in the share of choices that its age is of the slow start, at least 10 %, divided by
 * the same share of the candidate that has been closed longest. So a pool that is new as a whole
 * spreads its calls as if there were no slow start, and some candidate always takes part. An
 * endpoint that is due for its breaker's probe always takes part.
 *
 * <p><b>Most that may be ejected.</b> An endpoint is ejected while its breaker is open, or
 * half-open with all probes out. When more than {@code maxEjection} of all endpoints are, rounded
 * down but at least one, the least bad of them stay selectable until no more than that are left
 * out: those with the better success rate first, then those that are tested sooner. What they do
 * then is on their record, but changes nothing on the breaker: it is still tested when its time
 * comes, and closed by that test alone. An endpoint that was asked to be left alone by a server's
 * {@link Hint}, or that somebody holds open, is never taken in spite of that. With {@code
 * maxEjection} below 1 a pool may be used although all its breakers are open; at 1 it then refuses
 * at once.
 *
 * @param slowStart 0 (off) to an hour
 * @param maxEjection share of the pool, above 0 and at most 1 (no limit)
 */
public record Recovery(Duration slowStart, double maxEjection) {

  /** No slow start, and no limit to what is ejected. */
  public static final Recovery OFF = new Recovery(Duration.ZERO, 1);

  private static final double LEAST_SHARE = 0.1;

  /** Makes up for what is lost in 0.29 x 100. */
  private static final double ROUNDING = 1e-9;

  private static final Comparator<Ejected<?>> LEAST_BAD_FIRST =
      Comparator.<Ejected<?>>comparingDouble(ejected -> -ejected.successRate())
          .thenComparingLong(Ejected::untilTest);

  /** Rejects values out of range. */
  public Recovery {
    Check.that(
        !slowStart.isNegative() && slowStart.compareTo(Duration.ofHours(1)) <= 0,
        "slow_start must be 0 (off) to an hour, was %s",
        slowStart);
    Check.that(
        maxEjection > 0 && maxEjection <= 1,
        "max_ejection must be above 0 and at most 1, was %s",
        maxEjection);
  }

  /** An endpoint that is ejected, as it was when it was looked at. */
  private record Ejected<E extends Endpoint>(E endpoint, double successRate, long untilTest) {
    static <E extends Endpoint> Ejected<E> of(E endpoint) {
      return new Ejected<>(
          endpoint, endpoint.stats().snapshot().successRate(), endpoint.breaker().untilTestNanos());
    }
  }

  /** The candidates that take part in one choice; never none of them. */
  <E extends Endpoint> List<E> warm(List<E> candidates, RandomGenerator random) {
    if (slowStart.isZero() || candidates.size() < 2) {
      return candidates;
    }
    long whole = slowStart.toNanos();
    long oldest = -1;
    boolean cold = false;
    for (E candidate : candidates) {
      long age = candidate.breaker().closedNanos();
      oldest = Math.max(oldest, age);
      cold |= age >= 0 && age < whole;
    }
    if (!cold) {
      return candidates;
    }
    double most = share(oldest, whole);
    List<E> some = new ArrayList<>(candidates.size());
    for (E candidate : candidates) {
      long age = candidate.breaker().closedNanos();
      if (age < 0 || random.nextDouble() * most < share(age, whole)) {
        some.add(candidate);
      }
    }
    // breakers may have changed meanwhile
    return some.isEmpty() ? candidates : some;
  }

  private static double share(long age, long whole) {
    return Math.clamp((double) age / whole, LEAST_SHARE, 1);
  }

  /** The endpoints that may be used although they are ejected. */
  <E extends Endpoint> Set<E> spared(List<E> all) {
    if (maxEjection == 1) {
      return Set.of();
    }
    int most = Math.max(1, (int) (maxEjection * all.size() + ROUNDING));
    int ejected = 0;
    List<E> willing = new ArrayList<>();
    for (E endpoint : all) {
      if (endpoint.breaker().isEjected()) {
        ejected++;
        if (!endpoint.breaker().wasAskedToWait()) {
          willing.add(endpoint);
        }
      }
    }
    return ejected <= most ? Set.of() : leastBad(willing, ejected - most);
  }

  private static <E extends Endpoint> Set<E> leastBad(List<E> endpoints, int count) {
    Set<E> least = new HashSet<>();
    endpoints.stream()
        .map(Ejected::of)
        .sorted(LEAST_BAD_FIRST)
        .limit(count)
        .forEach(ejected -> least.add(ejected.endpoint()));
    return least;
  }
}
