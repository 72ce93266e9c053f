package dev.belay.server.live;

import dev.belay.Attempt;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.RetryPolicy;
import dev.belay.Step;
import dev.belay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one call. Whoever drives a call tells of one thing at a time, so there is one writer;
 * anybody may look.
 */
final class LiveRequest implements CallObserver {
  private final LiveRequests all;
  private final long number;
  private final String target;
  private final String policy;
  private final int maxAttempts;
  private final long startNanos;
  private final Instant startedAt;
  private volatile @Nullable Attempt<?> latest;
  private volatile @Nullable Instant nextRetryAt;
  private volatile List<RequestView.Failure> failures = List.of();
  private boolean announced;
  private boolean over;

  LiveRequest(LiveRequests all, long number, Call call, String policy) {
    this.all = all;
    this.number = number;
    this.target = call.target();
    this.policy = policy;
    this.maxAttempts = call.policy().orElse(RetryPolicy.DEFAULT).maxAttempts();
    this.startNanos = all.time().nanos();
    this.startedAt = all.time().instant();
  }

  /** Made when somebody looks: most requests are over before. */
  String id() {
    return Long.toHexString(number);
  }

  @Override
  public void attempting(Call call, String policy, Attempt<?> attempt) {
    boolean retry = !failures.isEmpty() && !attempt.isHedge();
    if (retry && !announced) {
      announce(Duration.ZERO, all.time().instant(), "another proxy is free");
    }
    announced = false;
    latest = attempt;
    nextRetryAt = null;
  }

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    boolean failed =
        switch (verdict.kind()) {
          case RETRY, THROTTLED, PERMANENT -> true;
          case SUCCESS, IGNORED, CANCELLED -> false;
        };
    if (failed && !over) {
      List<RequestView.Failure> more = new ArrayList<>(failures);
      more.add(
          new RequestView.Failure(
              attempt.number(),
              attempt.endpoint().name(),
              verdict.errorClass(),
              Duration.ofNanos(tookNanos)));
      failures = List.copyOf(more);
    }
  }

  @Override
  public void paused(Call call, String policy, Step.Pause<?> pause) {
    Instant at = all.time().instant().plusNanos(pause.nanos());
    nextRetryAt = at;
    announced = true;
    announce(Duration.ofNanos(pause.nanos()), at, pause.why());
  }

  private void announce(Duration delay, Instant at, String why) {
    all.feed()
        .publish(EventFeed.RETRY, CallEvents.retry(view(), new CallEvents.Next(delay, at, why)));
  }

  @Override
  public void finished(Call call, CallReport report) {
    if (!over) {
      over = true;
      all.over(this);
      CallEvents.failure(report, id())
          .ifPresent(data -> all.feed().publish(EventFeed.CALL_FAILED, data));
    }
  }

  RequestView view() {
    Attempt<?> attempt = latest;
    return new RequestView(
        id(),
        target,
        policy,
        attempt == null ? 0 : attempt.number(),
        maxAttempts,
        attempt == null ? "" : attempt.endpoint().name(),
        startedAt,
        Duration.ofNanos(all.time().nanos() - startNanos),
        Optional.ofNullable(nextRetryAt),
        failures);
  }
}
