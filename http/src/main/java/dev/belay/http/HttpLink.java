package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.http.Http1ClientConfig;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientRequestImpl;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpConnectParams;
import io.vertx.core.http.impl.tcp.TcpHttpClientTransport;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.HostAndPort;
import java.time.Duration;
import java.util.List;

/**
 * One connection that speaks HTTP/1.1. Vert.x does the speaking; its own pool and its own way
 * through SOCKS proxies are left aside, because they hide why a proxy refused, cannot be cancelled,
 * and do not know SOCKS 4. For its event loop.
 */
final class HttpLink {
  private final HttpLinks.Key key;
  private final HttpClientConnection connection;
  private final ContextInternal context;
  private int uses;
  private long idleSinceNanos;
  private boolean gone;

  private HttpLink(HttpLinks.Key key, HttpClientConnection connection, ContextInternal context) {
    this.key = key;
    this.connection = connection;
    this.context = context;
    // the request under way hears of it; on an idle connection it means nothing
    connection.exceptionHandler(failure -> {});
  }

  /** Makes HTTP connections of tunnels. */
  static final class Maker {
    private static final HttpConnectParams PLAIN =
        new HttpConnectParams(List.of(HttpVersion.HTTP_1_1), null, null, false);

    private final ContextInternal context;
    private final TcpHttpClientTransport transport;

    Maker(ContextInternal context, TunnelDialer dialer, HttpLinks.Limits limits) {
      this.context = context;
      Http1ClientConfig http =
          new Http1ClientConfig()
              .setMaxChunkSize(64 * 1024)
              .setMaxHeaderSize(64 * 1024)
              .setMaxInitialLineLength(16 * 1024)
              .setKeepAliveTimeout(limits.keepAlive());
      this.transport =
          new TcpHttpClientTransport(
              dialer.client(),
              null,
              false,
              false,
              null,
              false,
              http,
              null,
              limits.silence(),
              Duration.ZERO,
              Duration.ZERO,
              null);
    }

    Future<HttpLink> make(Tunnel tunnel, HttpLinks.Key key) {
      Channel channel = ((NetSocketInternal) tunnel.socket()).channelHandlerContext().channel();
      Parking parking = Parking.in(channel.pipeline());
      boolean spokeFirst = parking != null && (parking.inputEnded() || parking.hasBytes());
      if (spokeFirst || !channel.isActive()) {
        var unused = tunnel.close();
        return Future.failedFuture(broken(key.proxy()));
      }
      HostAndPort authority =
          key.host().isEmpty()
              ? HostAndPort.create(key.proxy().host(), key.proxy().port())
              : HostAndPort.create(key.host(), key.port());
      return transport
          .wrap(context, PLAIN, authority, null, tunnel.socket().remoteAddress(), tunnel.socket())
          .map(connection -> {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            LastWords.before(connection);
            channel.config().setAutoRead(true);
            return new HttpLink(key, connection, context);
          });
    }
  }

  static DialException broken(ProxyAddress proxy) {
    return new DialException(
        Phase.HANDSHAKE,
        Verdict.retry(ErrorClass.CONNECT, Blame.UNKNOWN),
        proxy + " closed the connection, or spoke before it was asked",
        null);
  }

  HttpLinks.Key key() {
    return key;
  }

  /** Runs {@code task} once, when the connection can carry no further request. */
  void onGone(Runnable task) {
    connection.evictionHandler(none -> {
      if (!gone) {
        gone = true;
        task.run();
      }
    });
    if (!connection.channelHandlerContext().channel().isActive()) {
      close();
    }
  }

  /** A request; {@code done} is told when the connection has done with it and may be used again. */
  Future<HttpClientRequest> request(Runnable done) {
    return connection.createStream(context).map(stream -> request(stream, done));
  }

  private HttpClientRequest request(HttpClientStream stream, Runnable done) {
    HttpClientRequest request =
        new HttpClientRequestImpl(connection.authority(), connection, stream);
    stream.closeHandler(none -> done.run());
    // whoever sends it hears of a failure by the response
    request.exceptionHandler(failure -> {});
    return request;
  }

  int countUse() {
    return ++uses;
  }

  boolean isFit() {
    return !gone && connection.isValid() && connection.channelHandlerContext().channel().isActive();
  }

  void fallIdle(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void close() {
    var unused = connection.close();
  }
}
