package dev.belay;

import java.time.Duration;

/** Gives endpoints a past without making calls, so that tests of strategies stay short. */
public final class EndpointHistory {
  private EndpointHistory() {}

  public static Endpoint endpoint(String name, Time time) {
    return endpoint(name, Endpoint.Traits.NONE, time);
  }

  public static Endpoint endpoint(String name, Endpoint.Traits traits, Time time) {
    var breaker =
        new CircuitBreaker(name, BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {});
    return new Endpoint(name, traits, breaker);
  }

  /** Attempts that worked, each over before the next began. */
  public static void succeed(Endpoint endpoint, int times, Duration took) {
    settle(endpoint, times, Verdict.SUCCESS, took);
  }

  /** Attempts that failed by the endpoint's fault; its breaker does not hear of them. */
  public static void fail(Endpoint endpoint, int times, Duration took) {
    settle(endpoint, times, Verdict.retry(ErrorClass.RESET, Blame.ENDPOINT), took);
  }

  private static void settle(Endpoint endpoint, int times, Verdict verdict, Duration took) {
    for (int i = 0; i < times; i++) {
      endpoint.stats().start();
      endpoint.stats().settle(verdict, took.toNanos());
    }
  }

  /** Attempts that are still running. */
  public static void start(Endpoint endpoint, int attempts) {
    for (int i = 0; i < attempts; i++) {
      endpoint.stats().start();
    }
  }

  /** Leaves of a recovered endpoint what its last probe leaves: nothing of the recent past. */
  public static void recover(Endpoint endpoint) {
    endpoint.stats().forget();
  }

  /** An attempt as observers see it. */
  public static Attempt<Endpoint> attempt(
      Endpoint endpoint, int number, Duration waited, Time time) {
    return new Attempt<>(
        endpoint,
        endpoint.breaker().acquire(),
        number,
        time.nanos(),
        waited.toNanos(),
        Nanos.FOREVER,
        false,
        time);
  }
}
