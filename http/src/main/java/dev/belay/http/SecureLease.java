package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A request being put on a connection. For the event loop of its {@link SecureLinks}. */
public final class SecureLease {
  private final SecureLinks links;
  private final SecureLinks.Key key;
  private final long endNanos;
  private final Promise<HttpClientRequest> promise = Promise.promise();
  private boolean reused;
  private boolean waited;
  private @Nullable SecureLink link;
  private @Nullable ScheduledFuture<?> timeout;

  SecureLease(SecureLinks links, SecureLinks.Key key, long endNanos) {
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
    return waited;
  }

  /** Whether the target said goodbye: only then a body that ends with the connection is whole. */
  public boolean endedInOrder() {
    SecureLink carrier = link;
    return carrier != null && carrier.endedInOrder();
  }

  /** Gives up while there is no request yet: what was under way for it alone is ended. */
  public void cancel() {
    if (!isOver()) {
      links.forget(this);
      fail(HttpLinks.cancelled());
    }
  }

  SecureLinks.Key key() {
    return key;
  }

  long leftNanos() {
    return endNanos - links.nanos();
  }

  boolean isOver() {
    return promise.future().isComplete();
  }

  void waits(ScheduledFuture<?> limit, boolean everythingIsBusy) {
    timeout = limit;
    waited = everythingIsBusy;
  }

  boolean complete(HttpClientRequest request, boolean carriedBefore, SecureLink carrier) {
    stopWaiting();
    reused = carriedBefore;
    link = carrier;
    return promise.tryComplete(request);
  }

  void fail(Throwable cause) {
    stopWaiting();
    promise.tryFail(cause);
  }

  private void stopWaiting() {
    ScheduledFuture<?> timer = timeout;
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
