package dev.belay.bench;

import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.CircuitBreaker;
import dev.belay.Hint;
import dev.belay.Permit;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** A breaker on a clock that stands still, for the stress tests. */
final class Stage {
  /** How long it stays open. */
  static final long OPEN_NANOS = 10;

  /** No breaker here draws one, and every state of a test makes a breaker. */
  static final RandomGenerator NO_CHANCE = () -> 0;

  final SetTime time = new SetTime();
  final CircuitBreaker breaker;

  Stage(BreakerPolicy policy) {
    breaker = new CircuitBreaker("stress", policy, time, NO_CHANCE, event -> {});
  }

  /** Opens on so many failures within a second; one probe at once, one good probe closes. */
  static BreakerPolicy opensAfter(int failures) {
    return policy().failureThreshold(failures).build();
  }

  /** Opens when all of at least so many calls within a second fail. */
  static BreakerPolicy opensOnShareOf(int calls) {
    return policy().failureThreshold(0).failureRate(1).minimumCalls(calls).build();
  }

  private static BreakerPolicy.Builder policy() {
    return BreakerPolicy.builder()
        .window(Duration.ofSeconds(1))
        .openFor(Duration.ofNanos(OPEN_NANOS));
  }

  /** Opens the breaker and lets its open time pass: the next to ask gets a probe. */
  void readyForProbe() {
    breaker.trip();
    time.set(OPEN_NANOS);
  }

  /** Settles a permit as a failure of the endpoint. */
  static void fail(Permit permit) {
    permit.failure(Blame.ENDPOINT, Hint.NONE, 0);
  }
}
