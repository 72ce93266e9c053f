package dev.belay.llm.call;

import dev.belay.Attempt;
import dev.belay.StopReason;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what one request with its attempts comes to. Safe for any number of threads. */
final class Telling {
  private final LlmRoute route;
  private final DelayTelemetry telemetry;
  private volatile @Nullable Failed last;
  private volatile @Nullable Failed first;

  /** An attempt that came to nothing. */
  private record Failed(LlmEndpoint endpoint, ProviderError error, long nanos) {}

  Telling(LlmRoute route, String key) {
    this.route = route;
    this.telemetry = route.equipment().waits().telemetry(key);
  }

  /** An attempt is sent. */
  void sent() {
    telemetry.attempt();
  }

  /** An attempt begins; it is what was decided after the one before. */
  void begins(Attempt<LlmEndpoint> attempt) {
    Failed before = last;
    if (before == null) {
      return;
    }
    Instant now = now();
    boolean again = before.endpoint.equals(attempt.endpoint());
    Decision decision =
        again
            ? new Decision.Retry(attempt.waited(), "again", now)
            : new Decision.Fallback("elsewhere", now);
    telemetry.decided(before.error.kind(), before.error.hint(), decision);
  }

  /**
   * An attempt failed.
   *
   * @param sentNanos when it was sent
   */
  void failed(LlmEndpoint endpoint, ProviderError error, long sentNanos) {
    long now = route.equipment().time().nanos();
    telemetry.failed(route.gate(endpoint).key(), error, sentNanos, now);
    Failed failed = new Failed(endpoint, error, now);
    first = first == null ? failed : first;
    last = failed;
  }

  /** The answer came. */
  void answered(int attempts) {
    Failed begin = first;
    if (begin != null) {
      long since = route.equipment().time().nanos() - begin.nanos;
      telemetry.recovered(Duration.ofNanos(since), attempts);
    }
  }

  /** There will be no answer. */
  void gaveUp(StopReason reason) {
    Failed before = last;
    if (before != null) {
      cause(reason)
          .map(cause -> new Decision.Stop(cause, reason.name(), now()))
          .ifPresent(stop -> telemetry.decided(before.error.kind(), before.error.hint(), stop));
    }
  }

  private static Optional<Decision.Cause> cause(StopReason reason) {
    return switch (reason) {
      case PERMANENT, IGNORED, NOT_REPEATABLE -> Optional.of(Decision.Cause.NOT_RETRYABLE);
      case ATTEMPTS_EXHAUSTED, BUDGET_EXHAUSTED, REFUSED ->
          Optional.of(Decision.Cause.ATTEMPTS_EXHAUSTED);
      case DEADLINE -> Optional.of(Decision.Cause.DEADLINE);
      case HINT_TOO_LONG -> Optional.of(Decision.Cause.HINT_TOO_LONG);
      case SUCCESS, CANCELLED -> Optional.empty();
    };
  }

  private Instant now() {
    return route.equipment().time().instant();
  }
}
