package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A request being put on a connection. For the event loop of its {@link HttpLinks}. */
public final class HttpLease {
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

  /** The request, of which nothing was sent yet; fails with {@link DialException} only. */
  public Future<HttpClientRequest> request() {
    return promise.future();
  }

  /** Whether the connection has carried a request before: then it may have died since. */
  public boolean isReused() {
    return reused;
  }

  /** Whether it had to wait first, because as many connections were open as are allowed. */
  public boolean hasWaited() {
    return timeout != null;
  }

  /** Gives up while there is no request yet: what was under way is ended. */
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
