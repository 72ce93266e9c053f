package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A request being put on a connection. For the event loop of its {@link HttpLinks}. */
public final class HttpLease implements Lease {
  private final HttpLinks links;
  private final HttpLinks.Key key;
  private final long endNanos;
  private final Promise<HttpClientRequest> promise = Promise.promise();
  private boolean reused;
  private @Nullable Dial dial;
  private @Nullable ScheduledFuture<?> timeout;

  HttpLease(HttpLinks links, HttpLinks.Key key, long endNanos) {
    this.links = links;
    this.key = key;
    this.endNanos = endNanos;
  }

  @Override
  public Future<HttpClientRequest> request() {
    return promise.future();
  }

  @Override
  public boolean isReused() {
    return reused;
  }

  @Override
  public boolean hasWaited() {
    return timeout != null;
  }

  @Override
  public boolean endedInOrder() {
    return true; // without TLS there is no telling
  }

  @Override
  public void cancel() {
    Dial running = dial;
    if (running != null) {
      running.cancel();
    } else if (!isOver()) {
      links.forget(this);
      fail(HttpLinks.cancelled());
    }
  }

  HttpLinks.Key key() {
    return key;
  }

  long leftNanos() {
    return endNanos - links.nanos();
  }

  boolean isOver() {
    return promise.future().isComplete();
  }

  void waits(ScheduledFuture<?> limit) {
    timeout = limit;
  }

  void dials(Dial running) {
    dial = running;
  }

  boolean complete(HttpClientRequest request, boolean carriedBefore) {
    stopWaiting();
    reused = carriedBefore;
    return promise.tryComplete(request);
  }

  void fail(Throwable cause) {
    stopWaiting();
    promise.tryFail(cause);
  }

  private void stopWaiting() {
    dial = null;
    ScheduledFuture<?> timer = timeout;
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
