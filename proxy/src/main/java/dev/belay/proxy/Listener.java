package dev.belay.proxy;

import dev.belay.http.Connections;
import dev.belay.http.RequestGuard;
import dev.belay.http.TunnelDialer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One event loop's share of the listeners, with connections to upstreams of its own. */
final class Listener {
  private final Engine engine;
  private final Doors doors;
  private final HttpServer http;
  private final NetServer socks;
  private final UpstreamClient client;
  private final TunnelDialer dialer;
  private final Tunnels tunnels;
  private final RequestHandler requests;
  private final ConnectHandler connects;
  private final SocksHandler socksRequests;

  /** Connections of clients, with the way to cut them. */
  private final IdentityHashMap<Object, Runnable> guests = new IdentityHashMap<>();

  /** Connections beyond the limits: they get one answer and are closed. */
  private final Set<HttpConnection> tooMany = Collections.newSetFromMap(new IdentityHashMap<>());

  private Runnable deserted = () -> {};

  Listener(Vertx vertx, Context context, Engine engine, Doors doors) {
    this.engine = engine;
    this.doors = doors;
    this.dialer = new TunnelDialer(vertx, engine.time(), engine.tls(), engine::mayReach);
    this.client = new UpstreamClient(vertx, context, engine, dialer);
    this.tunnels = new Tunnels(context, engine, dialer);
    this.requests = new RequestHandler(vertx, context, engine, client);
    this.connects = new ConnectHandler(engine, tunnels);
    this.socksRequests = new SocksHandler(engine, tunnels);
    this.http =
        vertx
            .createHttpServer(httpOptions())
            .connectionHandler(this::connected)
            .requestHandler(this::handle);
    this.socks = vertx.createNetServer(socksOptions()).connectHandler(this::connected);
  }

  private HttpServerOptions httpOptions() {
    RequestGuard.Limits head = engine.settings().limits().head();
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setTcpNoDelay(true)
        .setReuseAddress(true)
        .setAcceptBacklog(4096)
        .setIdleTimeout(Math.toIntExact(engine.settings().timeouts().idle().toMillis()))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxInitialLineLength(head.headBytes())
        .setMaxHeaderSize(head.headBytes())
        .setMaxChunkSize(64 * 1024)
        .setDecompressionSupported(false)
        // WebSockets pass through as they are; nothing here needs to look for their extensions
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  private NetServerOptions socksOptions() {
    return new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true).setAcceptBacklog(4096);
  }

  /** Opens both doors; if the second fails, the first is closed again. */
  Future<Listener> listen(int port, int socksPort) {
    String host = engine.settings().listen().host();
    return http.listen(port, host)
        .compose(open -> socks.listen(socksPort, host))
        .map(open -> this)
        .recover(failure -> close().transform(done -> Future.failedFuture(failure)));
  }

  int port() {
    return http.actualPort();
  }

  int socksPort() {
    return socks.actualPort();
  }

  private void connected(HttpConnection connection) {
    String address = address(connection.remoteAddress());
    RequestGuard.protect(
        connection,
        engine.settings().limits().head(),
        engine.settings().timeouts().head(),
        engine.traffic()::malformed);
    if (!doors.enter(address)) {
      tooMany.add(connection);
    }
    guests.put(connection, () -> Connections.cut(connection));
    Connections.onClose(
        connection,
        () -> {
          tooMany.remove(connection);
          left(connection, address);
        });
  }

  private void connected(NetSocket socket) {
    String address = address(socket.remoteAddress());
    boolean welcome = doors.enter(address);
    guests.put(socket, () -> Connections.cut(socket));
    Connections.onClose(socket, () -> left(socket, address));
    if (welcome) {
      socksRequests.handle(socket);
    } else {
      engine.traffic().refusals.increment();
      var unused = socket.close();
    }
  }

  private void left(Object guest, String address) {
    doors.leave(address);
    guests.remove(guest);
    if (guests.isEmpty()) {
      deserted.run();
    }
  }

  private static String address(SocketAddress remote) {
    return String.valueOf(remote == null ? null : remote.hostAddress());
  }

  private void handle(HttpServerRequest request) {
    if (!tooMany.isEmpty() && tooMany.contains(request.connection())) {
      engine.traffic().refusals.increment();
      Refusal.overloaded().send(request, true);
    } else if (request.method().equals(HttpMethod.CONNECT)) {
      connects.handle(request);
    } else {
      requests.handle(request);
    }
  }

  /**
   * Lets nobody in any more and waits for requests and tunnels under way; then cuts them and says
   * how many. Connections on which nothing is under way are closed at once.
   */
  Future<Integer> drain(Vertx vertx, Duration limit) {
    Promise<Void> empty = Promise.promise();
    deserted = empty::tryComplete;
    // they may take longer than we do, so that they cut nothing before it was counted
    Duration longer = limit.plusSeconds(5);
    Future<Void> doors = Future.join(http.shutdown(longer), socks.shutdown(longer)).mapEmpty();
    long timer = vertx.setTimer(Math.max(1, limit.toMillis()), none -> empty.tryComplete());
    if (guests.isEmpty()) {
      empty.tryComplete();
    }
    return empty
        .future()
        .compose(none -> {
          vertx.cancelTimer(timer);
          List<Runnable> left = List.copyOf(guests.values());
          left.forEach(Runnable::run);
          return Future.join(doors, close())
              .transform(closed -> Future.succeededFuture(left.size()));
        });
  }

  private Future<Void> close() {
    return Future.join(http.close(), socks.close(), client.close(), dialer.close()).mapEmpty();
  }
}
