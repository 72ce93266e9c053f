package dev.belay.proxy;

import dev.belay.http.HttpLease;
import dev.belay.http.HttpLinks;
import dev.belay.http.ProxyAddress;
import dev.belay.http.TunnelDialer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/** How requests in absolute form get to upstream proxies. For one event loop. */
final class UpstreamClient {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  private final HttpLinks links;

  UpstreamClient(Vertx vertx, Context context, Engine engine, TunnelDialer dialer) {
    int most = engine.settings().limits().upstreamConnections();
    HttpLinks.Limits limits =
        new HttpLinks.Limits(most, most, KEEP_ALIVE, engine.settings().timeouts().idle());
    this.links = new HttpLinks(vertx, context, dialer, limits);
  }

  /** Asks for a connection to or through a proxy. */
  HttpLease lease(ProxyAddress proxy, Target target, Duration limit) {
    return links.lease(proxy, target.host(), target.port(), limit);
  }

  /** Keeps none of the connections that might be as dead as the one that just was. */
  void dropIdle(ProxyAddress proxy, Target target) {
    links.dropIdle(proxy, target.host(), target.port());
  }

  /** Fills in what the proxy, or the target behind a SOCKS proxy, is to see. */
  static void address(
      HttpClientRequest request,
      ProxyAddress proxy,
      Target target,
      HttpMethod method,
      String path) {
    request.setMethod(method);
    if (proxy.scheme().isHttp()) {
      request.setURI("http://" + target.authority() + path);
      proxy.authorization().ifPresent(login -> request.putHeader("Proxy-Authorization", login));
    } else {
      request.setURI(path);
    }
  }

  Future<Void> close() {
    return links.close();
  }
}
