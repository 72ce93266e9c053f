package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A request being put on a connection. For the event loop of its {@link SecureLinks}. */
public final class SecureLease implements Lease {
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
    return waited;
  }

  /** Whether the target said goodbye: only then a body that ends with the connection is whole. */
  @Override
  public boolean endedInOrder() {
    SecureLink carrier = link;
    return carrier != null && carrier.endedInOrder();
  }

  @Override
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
