package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A request being put on a connection of some kind. For one event loop. */
abstract sealed class PendingLease implements Lease permits HttpLease, SecureLease {
  private final long endNanos;
  private final Promise<HttpClientRequest> promise = Promise.promise();
  private boolean reused;
  private @Nullable ScheduledFuture<?> timeout;

  PendingLease(long endNanos) {
    this.endNanos = endNanos;
  }

  @Override
  public final Future<HttpClientRequest> request() {
    return promise.future();
  }

  @Override
  public final boolean isReused() {
    return reused;
  }

  /** How long it may still wait. */
  final long leftNanos(long now) {
    return endNanos - now;
  }

  final boolean isOver() {
    return promise.future().isComplete();
  }

  /** Waits until the limit strikes. */
  final void waits(ScheduledFuture<?> limit) {
    timeout = limit;
  }

  /** Whether it waits, or did. */
  final boolean isLimited() {
    return timeout != null;
  }

  final boolean complete(HttpClientRequest request, boolean carriedBefore) {
    stopWaiting();
    reused = carriedBefore;
    return promise.tryComplete(request);
  }

  final void fail(Throwable cause) {
    stopWaiting();
    promise.tryFail(cause);
  }

  /** It has what it waited for, or gives up. */
  void stopWaiting() {
    ScheduledFuture<?> timer = timeout;
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
