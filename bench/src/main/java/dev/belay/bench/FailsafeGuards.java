package dev.belay.bench;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/** Failsafe, composed once. */
final class FailsafeGuards {
  private FailsafeGuards() {}

  static CircuitBreaker<Object> breaker() {
    return CircuitBreaker.builder()
        .withFailureThreshold(50, 100)
        .withDelay(Duration.ofHours(1))
        .build();
  }

  static Optional<Guard> guard(Duty duty) {
    CircuitBreaker<Object> breaker = breaker();
    RetryPolicy<Object> retry = RetryPolicy.builder().withMaxAttempts(3).build();
    return switch (duty) {
      case BARE, ONCE -> Optional.empty();
      case RETRY -> Optional.of(guard(Failsafe.with(retry)));
      case CLOSED -> Optional.of(guard(Failsafe.with(breaker)));
      case BOTH -> Optional.of(guard(Failsafe.with(retry, breaker)));
      case OPEN -> {
        breaker.open();
        yield Optional.of(guard(Failsafe.with(breaker)));
      }
      case ASK -> {
        breaker.open();
        yield Optional.of(work -> breaker::tryAcquirePermit);
      }
    };
  }

  private static Guard guard(FailsafeExecutor<Object> failsafe) {
    return work -> () -> failsafe.get(work::call);
  }
}
