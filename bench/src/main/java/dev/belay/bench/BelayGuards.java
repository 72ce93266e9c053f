package dev.belay.bench;

import dev.belay.Backoff;
import dev.belay.Belay;
import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.Hint;
import dev.belay.Permit;
import dev.belay.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Belay with one kind of breaker. */
final class BelayGuards {
  private static final RetryPolicy AT_ONCE =
      RetryPolicy.named("at-once").backoff(Backoff.custom(failure -> Duration.ZERO)).build();

  private BelayGuards() {}

  static Optional<Guard> guard(Duty duty, BreakerPolicy.Builder policy) {
    CircuitBreaker breaker = CircuitBreaker.of("bench", policy.build());
    return switch (duty) {
      case BARE -> Optional.empty();
      case RETRY -> {
        breaker.holdClosed();
        yield Optional.of(front(breaker, AT_ONCE));
      }
      case CLOSED -> Optional.of(work -> () -> permitted(breaker, work));
      case ONCE -> Optional.of(front(breaker, RetryPolicy.NONE));
      case BOTH -> Optional.of(front(breaker, AT_ONCE));
      case OPEN -> {
        breaker.trip();
        yield Optional.of(front(breaker, AT_ONCE));
      }
      case ASK -> {
        breaker.trip();
        yield Optional.of(work -> () -> breaker.tryAcquire().isGranted());
      }
    };
  }

  private static Guard front(CircuitBreaker breaker, RetryPolicy policy) {
    Endpoint endpoint = new Endpoint(breaker.name(), Endpoint.Traits.NONE, breaker);
    Belay<Endpoint> belay = Belay.guard(endpoint).policy(policy).build();
    return work -> () -> belay.call(work);
  }

  /** The breaker by itself, as one uses it without the rest of Belay. */
  private static Object permitted(CircuitBreaker breaker, Callable<Object> work) throws Exception {
    Permit permit = breaker.acquire();
    Object value;
    try {
      value = work.call();
    } catch (Throwable failure) {
      permit.failure(Blame.ENDPOINT, Hint.NONE, 0);
      throw failure;
    }
    permit.success(0);
    return value;
  }
}
