package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;

/** A request being put on a connection, whatever kind that is. For one event loop. */
public sealed interface Lease permits PendingLease {
  /** The request, of which nothing was sent yet; fails with {@link DialException} only. */
  Future<HttpClientRequest> request();

  /** Whether the connection has carried a request before: then it may have died since. */
  boolean isReused();

  /** Whether it had to wait first, because as many connections were open as are allowed. */
  boolean hasWaited();

  /** Whether a body that ends with the connection may be taken for whole. */
  boolean endedInOrder();

  /** Gives up while there is no request yet: what was under way for it alone is ended. */
  void cancel();
}
