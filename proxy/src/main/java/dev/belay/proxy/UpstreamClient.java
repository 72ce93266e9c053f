package dev.belay.proxy;

import dev.belay.http.Credentials;
import dev.belay.http.ProxyAddress;
import dev.belay.http.ProxyAddress.Scheme;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.util.IdentityHashMap;

/**
 * Connections to upstream proxies for requests in absolute form, kept open between requests. Never
 * connects to a target directly. For one event loop.
 */
final class UpstreamClient {
  private final HttpClientAgent client;
  private final Engine engine;

  /** How many requests each open connection has carried. */
  private final IdentityHashMap<HttpConnection, int[]> uses = new IdentityHashMap<>();

  UpstreamClient(Vertx vertx, Engine engine) {
    this.engine = engine;
    ProxySettings.Timeouts timeouts = engine.settings().timeouts();
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) timeouts.connect().toMillis())
            .setIdleTimeout((int) Math.max(1, timeouts.idle().toSeconds()))
            .setKeepAliveTimeout(15)
            .setTcpNoDelay(true)
            .setMaxChunkSize(64 * 1024)
            .setMaxHeaderSize(64 * 1024)
            .setMaxInitialLineLength(16 * 1024)
            .setDecompressionSupported(false);
    int most = engine.settings().limits().upstreamConnections();
    this.client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp1MaxSize(most).setMaxWaitQueueSize(10 * most))
            .withConnectHandler(this::opened)
            .build();
  }

  private void opened(HttpConnection connection) {
    uses.put(connection, new int[1]);
    connection.closeHandler(none -> uses.remove(connection));
  }

  /** A request on a free or a new connection. */
  Future<HttpClientRequest> request(
      ProxyAddress proxy, Target target, HttpMethod method, String path) {
    RequestOptions options = new RequestOptions().setMethod(method).setFollowRedirects(false);
    if (proxy.scheme().isHttp()) {
      options
          .setHost(proxy.host())
          .setPort(proxy.port())
          .setURI("http://" + authority(target) + path);
      if (proxy.scheme() == Scheme.HTTPS) {
        options.setSsl(true).setSslOptions(engine.tls());
      }
    } else {
      options
          .setHost(target.host())
          .setPort(target.port())
          .setURI(path)
          .setProxyOptions(socks(proxy));
    }
    return client.request(options).onSuccess(this::count);
  }

  private static ProxyOptions socks(ProxyAddress proxy) {
    boolean four = proxy.scheme() == Scheme.SOCKS4 || proxy.scheme() == Scheme.SOCKS4A;
    ProxyOptions options =
        new ProxyOptions()
            .setType(four ? ProxyType.SOCKS4 : ProxyType.SOCKS5)
            .setHost(proxy.host())
            .setPort(proxy.port());
    Credentials login = proxy.credentials().orElse(null);
    if (login != null) {
      options.setUsername(login.user()).setPassword(login.password());
    }
    return options;
  }

  private static String authority(Target target) {
    return target.port() == 80 ? hostInUri(target) : target.name();
  }

  private static String hostInUri(Target target) {
    return target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
  }

  private void count(HttpClientRequest request) {
    int[] count = uses.get(request.connection());
    if (count != null) {
      count[0]++;
    }
  }

  /** Whether a connection had carried a request before its latest one. */
  boolean wasReused(HttpConnection connection) {
    int[] count = uses.get(connection);
    return count != null && count[0] > 1;
  }

  Future<Void> close() {
    return client.close();
  }
}
