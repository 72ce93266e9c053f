package dev.belay.llm.call;

import dev.belay.Attempt;
import dev.belay.StopReason;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.delay.Situation;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.Place;
import dev.belay.llm.transcript.WaitedFor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts and writes down what one request with its attempts comes to. Safe for any number of
 * threads.
 */
final class Telling {
  private final LlmRoute route;
  private final Part part;
  private final DelayTelemetry telemetry;
  private final Map<ErrorKind, Integer> failures = new ConcurrentHashMap<>();
  private volatile @Nullable Failed last;
  private volatile @Nullable Failed first;

  /**
   * Which part of a call a request is.
   *
   * @param caller on whose behalf
   * @param record of the call
   * @param request 1 for the first question, one more for each correction
   */
  record Part(Caller caller, CallRecord record, int request) {}

  /** An attempt that came to nothing. */
  private record Failed(LlmEndpoint endpoint, ProviderError error, long nanos) {}

  Telling(LlmRoute route, Part part) {
    this.route = route;
    this.part = part;
    this.telemetry = route.equipment().waits().telemetry(part.caller.key());
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
   * An attempt is sent.
   *
   * @param heldUp how long at a gate
   */
  void sent(Attempt<LlmEndpoint> attempt, Duration heldUp) {
    telemetry.attempt();
    if (isRecorded()) {
      part.record.attempt(
          place(attempt), attempt.waited().plus(heldUp), waitedFor(attempt.waited(), heldUp));
    }
  }

  private boolean isRecorded() {
    return !part.record.equals(CallRecord.NONE);
  }

  private WaitedFor waitedFor(Duration paused, Duration heldUp) {
    if (paused.isZero() && heldUp.isZero()) {
      return WaitedFor.NOTHING;
    }
    if (heldUp.compareTo(paused) > 0) {
      return WaitedFor.GATE;
    }
    Failed before = last;
    boolean asked = before != null && before.error.hint().isPresent();
    return asked ? WaitedFor.HINT : WaitedFor.BACKOFF;
  }

  private Place place(Attempt<LlmEndpoint> attempt) {
    LlmEndpoint endpoint = attempt.endpoint();
    return new Place(part.request, attempt.number(), endpoint.name(), endpoint.provider());
  }

  /**
   * An attempt failed.
   *
   * @param sentNanos when it was sent
   */
  void failed(Attempt<LlmEndpoint> attempt, ProviderError error, long sentNanos) {
    LlmEndpoint endpoint = attempt.endpoint();
    long now = route.equipment().time().nanos();
    telemetry.failed(route.gate(endpoint).key(), error, sentNanos, now);
    Failed failed = new Failed(endpoint, error, now);
    first = first == null ? failed : first;
    last = failed;
    int before = failures.merge(error.kind(), 1, Integer::sum) - 1;
    if (isRecorded()) {
      Situation situation =
          new Situation(endpoint.provider(), error, before, attempt.deadline().left(), now());
      Decision decision =
          route
              .equipment()
              .waits()
              .plain(part.caller.key())
              .decide(situation, route.equipment().random());
      part.record.failed(place(attempt), error, Duration.ofNanos(now - sentNanos), decision);
    }
  }

  /** The answer came. */
  void answered(Attempt<LlmEndpoint> attempt) {
    Failed begin = first;
    if (begin != null) {
      long since = route.equipment().time().nanos() - begin.nanos;
      telemetry.recovered(Duration.ofNanos(since), attempt.number());
    }
  }

  /** What came. */
  void answered(Attempt<LlmEndpoint> attempt, LlmResponse response, long sentNanos) {
    if (isRecorded()) {
      Duration took = Duration.ofNanos(route.equipment().time().nanos() - sentNanos);
      double dollars = attempt.endpoint().costOf(response.usage());
      part.record.answered(place(attempt), response, dollars, took);
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
