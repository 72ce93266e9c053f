package dev.belay.http;

import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A request being put on a connection. For the event loop of its {@link SecureLinks}. */
public final class SecureLease extends PendingLease {
  private final SecureLinks links;
  private final SecureLinks.Key key;
  private boolean waited;
  private @Nullable SecureLink link;

  SecureLease(SecureLinks links, SecureLinks.Key key, long endNanos) {
    super(endNanos);
    this.links = links;
    this.key = key;
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
    return leftNanos(links.nanos());
  }

  void waits(ScheduledFuture<?> limit, boolean everythingIsBusy) {
    waits(limit);
    waited = everythingIsBusy;
  }

  boolean complete(HttpClientRequest request, boolean carriedBefore, SecureLink carrier) {
    link = carrier;
    return complete(request, carriedBefore);
  }
}
