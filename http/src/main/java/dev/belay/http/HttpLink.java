package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpConnectParams;
import io.vertx.core.http.impl.tcp.TcpHttpClientTransport;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.HostAndPort;
import java.util.List;

/**
 * One connection that speaks HTTP/1.1. Vert.x does the speaking; its own pool and its own way
 * through SOCKS proxies are left aside, because they hide why a proxy refused, cannot be cancelled,
 * and do not know SOCKS 4. For its event loop.
 */
final class HttpLink {
  private final HttpLinks.Key key;
  private final HttpWire wire;
  private int uses;

  private HttpLink(HttpLinks.Key key, HttpWire wire) {
    this.key = key;
    this.wire = wire;
  }

  /** Makes HTTP connections of tunnels. */
  static final class Maker {
    private static final HttpConnectParams PLAIN =
        new HttpConnectParams(List.of(HttpVersion.HTTP_1_1), null, null, false);

    private final ContextInternal context;
    private final TcpHttpClientTransport transport;

    Maker(ContextInternal context, TunnelDialer dialer, HttpLinks.Limits limits) {
      this.context = context;
      this.transport = HttpWire.transport(dialer, limits, null);
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
            return new HttpLink(key, new HttpWire(connection, context));
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

  HttpWire wire() {
    return wire;
  }

  int countUse() {
    return ++uses;
  }

  boolean isFit() {
    return wire.isOpen() && wire.connection().isValid();
  }

  void close() {
    wire.close();
  }
}
