package dev.belay.proxy.client;

import dev.belay.http.HttpLinks;
import dev.belay.http.Lease;
import dev.belay.http.ProxyAddress;
import dev.belay.http.SecureLinks;
import dev.belay.http.TargetTls;
import dev.belay.http.TunnelDialer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Executor;

/** An event loop and the connections that belong to it. */
final class ClientLoop implements Executor {
  private final Context context;
  private final HttpLinks plain;
  private final SecureLinks secure;

  /** To be made on {@code context}. */
  ClientLoop(
      Vertx vertx, Context context, TunnelDialer dialer, TargetTls tls, HttpLinks.Limits limits) {
    this.context = context;
    this.plain = new HttpLinks(vertx, context, dialer, limits);
    this.secure = new SecureLinks(vertx, context, dialer, tls, limits);
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(none -> task.run());
  }

  Context context() {
    return context;
  }

  /** Asks for a connection; on the loop. */
  Lease lease(ProxyAddress proxy, Destination to, Duration limit) {
    return to.secure()
        ? secure.lease(proxy, to.host(), to.port(), limit)
        : plain.lease(proxy, to.host(), to.port(), limit);
  }

  /** Keeps none of the connections that might be as dead as the one that just was; on the loop. */
  void dropIdle(ProxyAddress proxy, Destination to) {
    if (to.secure()) {
      secure.dropIdle(proxy, to.host(), to.port());
    } else {
      plain.dropIdle(proxy, to.host(), to.port());
    }
  }

  /** Connections that are open; on the loop. */
  int open() {
    return plain.open() + secure.open();
  }
}
