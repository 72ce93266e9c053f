package dev.belay.bench;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.Optional;

/** resilience4j, decorated once as its documentation shows it. */
final class Resilience4jGuards {
  private Resilience4jGuards() {}

  private static final CircuitBreakerConfig BREAKER =
      CircuitBreakerConfig.custom()
          .failureRateThreshold(50)
          .slidingWindow(100, 100, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
          .waitDurationInOpenState(Duration.ofHours(1))
          .build();

  static CircuitBreaker breaker() {
    return CircuitBreaker.of("bench", BREAKER);
  }

  static Optional<Guard> guard(Duty duty) {
    CircuitBreaker breaker = breaker();
    return switch (duty) {
      case BARE, ONCE -> Optional.empty();
      case RETRY -> {
        Retry retry = retry();
        yield Optional.of(work -> Retry.decorateCallable(retry, work));
      }
      case CLOSED -> Optional.of(work -> CircuitBreaker.decorateCallable(breaker, work));
      case BOTH -> {
        Retry retry = retry();
        yield Optional.of(
            work -> Retry.decorateCallable(retry, CircuitBreaker.decorateCallable(breaker, work)));
      }
      case OPEN -> {
        breaker.transitionToOpenState();
        yield Optional.of(work -> CircuitBreaker.decorateCallable(breaker, work));
      }
      case ASK -> {
        breaker.transitionToOpenState();
        yield Optional.of(work -> breaker::tryAcquirePermission);
      }
    };
  }

  private static Retry retry() {
    return Retry.of(
        "bench", RetryConfig.custom().maxAttempts(3).intervalFunction(failure -> 0L).build());
  }
}
