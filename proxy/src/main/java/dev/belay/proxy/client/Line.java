package dev.belay.proxy.client;

import dev.belay.http.HttpLease;
import dev.belay.http.SecureLease;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;

/** A request being put on a connection, whatever kind that is. For one event loop. */
sealed interface Line {
  /** The request, of which nothing was sent yet. */
  Future<HttpClientRequest> request();

  /** Whether the connection has carried a request before: then it may have died since. */
  boolean isReused();

  /** Whether it had to wait first, because as many connections were open as are allowed. */
  boolean hasWaited();

  /** Whether a body that ends with the connection is known to be whole. */
  boolean endedInOrder();

  /** Gives up while there is no request yet. */
  void cancel();

  /** To an HTTP proxy, or through a SOCKS proxy, without TLS to the target. */
  record Plain(HttpLease lease) implements Line {
    @Override
    public Future<HttpClientRequest> request() {
      return lease.request();
    }

    @Override
    public boolean isReused() {
      return lease.isReused();
    }

    @Override
    public boolean hasWaited() {
      return lease.hasWaited();
    }

    @Override
    public boolean endedInOrder() {
      return true; // there is no telling
    }

    @Override
    public void cancel() {
      lease.cancel();
    }
  }

  /** Through a tunnel, inside TLS. */
  record Secure(SecureLease lease) implements Line {
    @Override
    public Future<HttpClientRequest> request() {
      return lease.request();
    }

    @Override
    public boolean isReused() {
      return lease.isReused();
    }

    @Override
    public boolean hasWaited() {
      return lease.hasWaited();
    }

    @Override
    public boolean endedInOrder() {
      return lease.endedInOrder();
    }

    @Override
    public void cancel() {
      lease.cancel();
    }
  }
}
