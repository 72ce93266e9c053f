package dev.belay.http;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.Http1ClientConfig;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientRequestImpl;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.tcp.TcpHttpClientTransport;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which Vert.x speaks HTTP, as {@link HttpLink} and {@link SecureLink} have one
 * each. For its event loop.
 */
final class HttpWire {
  private static final int LONGEST_HEAD = 64 * 1024;

  private final HttpClientConnection connection;
  private final ContextInternal context;
  private long idleSinceNanos;
  private boolean gone;

  HttpWire(HttpClientConnection connection, ContextInternal context) {
    this.connection = connection;
    this.context = context;
    // the requests under way hear of it; on an idle connection it means nothing
    connection.exceptionHandler(failure -> {});
  }

  /** How connections are made of sockets; those of HTTP/2 as well if there is a {@code http2}. */
  static TcpHttpClientTransport transport(
      TunnelDialer dialer, HttpLinks.Limits limits, @Nullable Http2ClientConfig http2) {
    Http1ClientConfig http1 =
        new Http1ClientConfig()
            .setMaxChunkSize(64 * 1024)
            .setMaxHeaderSize(LONGEST_HEAD)
            .setMaxInitialLineLength(16 * 1024)
            .setKeepAliveTimeout(limits.keepAlive());
    return new TcpHttpClientTransport(
        dialer.client(),
        null,
        false,
        false,
        null,
        false,
        http1,
        http2,
        limits.silence(),
        Duration.ZERO,
        Duration.ZERO,
        null);
  }

  HttpClientConnection connection() {
    return connection;
  }

  private Channel channel() {
    return connection.channelHandlerContext().channel();
  }

  /** Runs {@code task} once, when the connection can carry no further request. */
  void onGone(Runnable task) {
    connection.evictionHandler(none -> {
      if (!gone) {
        gone = true;
        task.run();
      }
    });
    if (!channel().isActive()) {
      close();
    }
  }

  /** A request; {@code done} is told when the connection has done with it. */
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

  /** Whether nothing has ended it yet. */
  boolean isOpen() {
    return !gone && channel().isActive();
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
