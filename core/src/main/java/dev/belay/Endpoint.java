package dev.belay;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * Where an attempt goes: a proxy, a provider's account, a replica. Has a breaker and a record of
 * its own. Extend it to carry what an attempt needs to get there. Its name must never hold a
 * secret: it appears in logs, metrics and reports. Safe for any number of threads.
 */
public class Endpoint {
  private final String name;
  private final Traits traits;
  private final CircuitBreaker breaker;
  private final EndpointStats stats;

  /**
   * What selection may choose by.
   *
   * @param region {@code US-EAST}, say; empty if not known
   * @param country two letters; empty if not known
   * @param tags the user's own words
   * @param weight share of traffic relative to others, above 0 and at most 1,000,000
   * @param cost of one call, 0 or more, in whatever unit the user counts
   * @param maxConcurrent attempts at once, at least 1
   */
  public record Traits(
      String region,
      String country,
      Set<String> tags,
      double weight,
      double cost,
      int maxConcurrent) {

    /** Nothing known, weight 1, no cost, no limit. */
    public static final Traits NONE = new Traits("", "", Set.of(), 1, 0, Integer.MAX_VALUE);

    /** Rejects values out of range. */
    public Traits {
      requireNonNull(region, "region");
      requireNonNull(country, "country");
      tags = Set.copyOf(tags);
      Check.that(
          weight > 0 && weight <= 1e6,
          "weight must be above 0 and at most 1000000, was %s",
          weight);
      Check.that(cost >= 0 && cost <= 1e9, "cost must be 0 to 1000000000, was %s", cost);
      Check.that(maxConcurrent >= 1, "max_concurrent must be at least 1, was %d", maxConcurrent);
    }

    /** The same in another region. */
    public Traits withRegion(String region) {
      return new Traits(region, country, tags, weight, cost, maxConcurrent);
    }

    /** The same with another weight. */
    public Traits withWeight(double weight) {
      return new Traits(region, country, tags, weight, cost, maxConcurrent);
    }

    /** The same at another price. */
    public Traits withCost(double cost) {
      return new Traits(region, country, tags, weight, cost, maxConcurrent);
    }

    /** The same with another limit. */
    public Traits withMaxConcurrent(int attempts) {
      return new Traits(region, country, tags, weight, cost, attempts);
    }
  }

  /** An endpoint nothing is known of yet, with a breaker of its own. */
  public Endpoint(String name, Traits traits, CircuitBreaker breaker) {
    this.name = requireNonNull(name, "name");
    this.traits = requireNonNull(traits, "traits");
    this.breaker = requireNonNull(breaker, "breaker");
    this.stats = new EndpointStats(breaker.time());
  }

  /** The same endpoint under other traits: breaker and record go on. */
  public Endpoint(Endpoint before, Traits traits) {
    this.name = before.name;
    this.traits = requireNonNull(traits, "traits");
    this.breaker = before.breaker;
    this.stats = before.stats;
  }

  /** An endpoint with the default breaker on the machine's clock. */
  public static Endpoint of(String name) {
    return new Endpoint(name, Traits.NONE, CircuitBreaker.of(name, BreakerPolicy.DEFAULT));
  }

  /** The name in logs, metrics and reports. */
  public final String name() {
    return name;
  }

  /** What selection may choose by. */
  public final Traits traits() {
    return traits;
  }

  /** What keeps calls away from it while it fails. */
  public final CircuitBreaker breaker() {
    return breaker;
  }

  /** What is known of its recent attempts. */
  public final EndpointStats stats() {
    return stats;
  }

  /** Whether an attempt could begin now; asking changes nothing. */
  public final boolean isSelectable() {
    return stats.inFlight() < traits.maxConcurrent() && breaker.isSelectable();
  }

  /** Leave for one attempt, counted in; a permit that is not granted if there is none. */
  final Permit tryStart() {
    Permit permit = breaker.tryAcquire();
    if (permit.isGranted() && !stats.tryStart(traits.maxConcurrent())) {
      permit.release();
      return FullPermit.INSTANCE;
    }
    return permit;
  }

  /** Leave for one attempt whatever the breaker says, counted in. */
  final Permit tryStartAnyway() {
    return stats.tryStart(traits.maxConcurrent()) ? FreePermit.INSTANCE : FullPermit.INSTANCE;
  }

  /** Whether as many attempts are running as may. */
  final boolean isFull() {
    return stats.inFlight() >= traits.maxConcurrent();
  }

  /** Counts the attempt out. */
  final void settle(Permit permit, Verdict verdict, long tookNanos) {
    try {
      permit.settle(verdict, tookNanos);
    } finally { // the breaker asks random numbers of the user's
      stats.settle(verdict, tookNanos);
    }
    forgetIfRecovered(permit, verdict);
  }

  /** Counts out an attempt that another endpoint overtook by far. */
  final void overtaken(Permit permit, long tookNanos) {
    try {
      permit.overtaken(tookNanos);
    } finally {
      stats.overtaken(tookNanos);
    }
  }

  /**
   * Counts the result of a check that was no attempt of a call. Its breaker hears of a failure as
   * of any other; a success closes the breaker if it was the probe for which the breaker waited,
   * and then the endpoint is judged afresh. The record of attempts stays as it is.
   *
   * @param permit what {@link CircuitBreaker#tryAcquire} gave before the check, granted or not
   * @param decisive whether a failure by the endpoint's own fault opens a closed breaker at once
   */
  public final void settleCheck(Permit permit, Verdict verdict, boolean decisive) {
    boolean probe = permit instanceof HalfOpenGeneration.Lease;
    if (verdict.kind() == Verdict.Kind.SUCCESS && !probe) {
      permit.release();
      return;
    }
    permit.settle(verdict, 0);
    forgetIfRecovered(permit, verdict);
    if (decisive && isFailure(verdict) && verdict.blame() == Blame.ENDPOINT) {
      breaker.tripIfClosed("failed checks");
    }
  }

  private static boolean isFailure(Verdict verdict) {
    return switch (verdict.kind()) {
      case RETRY, THROTTLED, PERMANENT -> true;
      case SUCCESS, IGNORED, CANCELLED -> false;
    };
  }

  private void forgetIfRecovered(Permit permit, Verdict verdict) {
    if (permit instanceof HalfOpenGeneration.Lease
        && verdict.kind() == Verdict.Kind.SUCCESS
        && breaker.isClosed()) {
      stats.forget();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
