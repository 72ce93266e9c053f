package dev.belay.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpConnectParams;
import io.vertx.core.http.impl.tcp.TcpHttpClientTransport;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.HostAndPort;
import java.util.List;

/**
 * One connection to a target inside TLS, speaking what the two agreed on. Vert.x does the speaking;
 * for the reasons of {@link HttpLink} its pool is left aside. For its event loop.
 */
final class SecureLink {
  /** Streams at once; what all of them may leave unread fits the window of the connection. */
  private static final int MOST_STREAMS = 64;

  private static final int STREAM_WINDOW_BYTES = 256 * 1024;

  private final SecureLinks.Key key;
  private final HttpWire wire;
  private final SslHandler tls;
  private int active;
  private boolean used;

  private SecureLink(SecureLinks.Key key, HttpWire wire, SslHandler tls) {
    this.key = key;
    this.wire = wire;
    this.tls = tls;
  }

  /** Makes HTTP connections of tunnels. */
  static final class Maker {
    // how TLS is told apart from plain text in Vert.x would not find ours behind that of a proxy
    private static final HttpConnectParams HTTP_1 =
        new HttpConnectParams(List.of(HttpVersion.HTTP_1_1), null, null, false);
    private static final HttpConnectParams HTTP_2 =
        new HttpConnectParams(List.of(HttpVersion.HTTP_2), null, null, false);

    private final ContextInternal context;
    private final TunnelDialer dialer;
    private final TargetTls tls;
    private final TcpHttpClientTransport transport;

    Maker(ContextInternal context, TunnelDialer dialer, TargetTls tls, HttpLinks.Limits limits) {
      this.context = context;
      this.dialer = dialer;
      this.tls = tls;
      Http2Settings settings =
          new Http2Settings()
              .setPushEnabled(false)
              .setInitialWindowSize(STREAM_WINDOW_BYTES)
              .setMaxHeaderListSize(64 * 1024);
      Http2ClientConfig http2 =
          new Http2ClientConfig()
              .setClearTextUpgrade(false)
              .setMultiplexingLimit(MOST_STREAMS)
              .setInitialSettings(settings)
              .setKeepAliveTimeout(limits.keepAlive());
      this.transport = HttpWire.transport(dialer, limits, http2);
    }

    TunnelDialer dialer() {
      return dialer;
    }

    TargetTls tls() {
      return tls;
    }

    EventLoop loop() {
      return context.nettyEventLoop();
    }

    Future<SecureLink> make(Tunnel tunnel, SslHandler tls, SecureLinks.Key key) {
      NetSocketInternal socket = (NetSocketInternal) tunnel.socket();
      Channel channel = socket.channelHandlerContext().channel();
      boolean http2 = "h2".equals(tls.applicationProtocol());
      return transport
          .wrap(
              context,
              http2 ? HTTP_2 : HTTP_1,
              HostAndPort.create(Hosts.inUri(key.host()), key.port()),
              null,
              socket.remoteAddress(),
              socket)
          .map(connection -> {
            if (http2) {
              var unused = connection.setWindowSize(MOST_STREAMS * STREAM_WINDOW_BYTES);
            } else {
              LastWords.before(connection);
            }
            channel.config().setAutoRead(true);
            return new SecureLink(key, new HttpWire(connection, context), tls);
          });
    }
  }

  SecureLinks.Key key() {
    return key;
  }

  HttpWire wire() {
    return wire;
  }

  /** Counts a request in; whether it is not the first one. */
  boolean begin() {
    active++;
    boolean before = used;
    used = true;
    return before;
  }

  /** Counts a request out. */
  void end() {
    active--;
  }

  int active() {
    return active;
  }

  /** How many requests it carries at once. */
  int capacity() {
    return (int) Math.min(MOST_STREAMS, wire.connection().concurrency());
  }

  /** Whether it can carry another request now. */
  boolean isFit() {
    return isUsable() && active < capacity();
  }

  /** Whether it can carry further requests, now or later. */
  boolean isUsable() {
    // on HTTP/2 Vert.x calls valid only what has carried a request; how old it may be we know
    HttpClientConnection connection = wire.connection();
    return wire.isOpen()
        && (connection.protocolVersion() == HttpVersion.HTTP_2 || connection.isValid());
  }

  boolean endedInOrder() {
    return tls.sslCloseFuture().isSuccess();
  }

  void close() {
    wire.close();
  }
}
