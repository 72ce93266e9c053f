package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.http.Splice.End;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpliceTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private final BlockingQueue<Splice> splices = new LinkedBlockingQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private final TunnelDialer dialer =
      new TunnelDialer(
          vertx,
          new VirtualTime(),
          new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm(""));

  @AfterEach
  void stop() {
    Waits.get(vertx.close());
  }

  /** Joins whoever connects with a tunnel through {@code proxy}; the client is paused meanwhile. */
  private NetServer join(ProxyAddress proxy, Duration idle) {
    return join(proxy, idle, LONG);
  }

  private NetServer join(ProxyAddress proxy, Duration idle, Duration longest) {
    NetServer server = vertx.createNetServer(new NetServerOptions().setIdleTimeout(120));
    server.connectHandler(client -> joinOne(client, proxy, idle, longest));
    return Waits.get(server.listen(0, "127.0.0.1"));
  }

  private void joinOne(NetSocket client, ProxyAddress proxy, Duration idle, Duration longest) {
    client.pause();
    dialer
        .dial(proxy, "t", 1, Duration.ofSeconds(8))
        .tunnel()
        .onSuccess(tunnel -> splices.add(Splice.join(client, tunnel.socket(), idle, longest)))
        .onFailure(failure -> client.close());
  }

  private static Peer proxy(Peer.Script afterwards) {
    return new Peer(socket -> {
      Peer.readHead(socket);
      Peer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
      afterwards.run(socket);
    });
  }

  private static ProxyAddress at(Peer peer) {
    return ProxyAddress.parse("http://127.0.0.1:" + peer.port());
  }

  private Splice splice() throws InterruptedException {
    Splice splice = splices.poll(8, TimeUnit.SECONDS);
    assertThat(splice).isNotNull();
    return splice;
  }

  @Test
  void carriesBothDirectionsAndTheirEnds() throws Exception {
    try (Peer upstream =
            proxy(socket -> {
              Peer.write(socket, "early");
              String all = Peer.readAll(socket); // until the client's half is closed
              Peer.write(socket, "<" + all + ">");
            });
        Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
      Peer.write(client, "impatient");
      Splice splice = splice();
      Peer.write(client, ",late");
      client.shutdownOutput();

      assertThat(Peer.readAll(client)).isEqualTo("early<impatient,late>");
      assertThat(Waits.get(splice.done())).isEqualTo(new Splice.Result(14, 21, End.FINISHED));
      assertThat(splice.bytesUp()).isEqualTo(14);
      assertThat(splice.bytesDown()).isEqualTo(21);
    }
  }

  @Test
  void losesNothingWhenUpstreamEndsRightAfterItsAnswer() throws Exception {
    for (int i = 0; i < 30; i++) {
      try (Peer upstream =
              new Peer(socket -> {
                Peer.readHead(socket);
                Peer.write(socket, "HTTP/1.1 200 OK\r\n\r\nbanner");
                socket.shutdownOutput();
                Peer.readAll(socket);
              });
          Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
        assertThat(Peer.readAll(client)).isEqualTo("banner");
        client.shutdownOutput();
        assertThat(Waits.get(splice().done()).end()).isEqualTo(End.FINISHED);
      }
    }
  }

  @Test
  void carriesMuchDataUnchangedBothWaysAtOnce() throws Exception {
    byte[] data = new byte[8 * 1024 * 1024];
    new Random(1).nextBytes(data);
    try (Peer upstream =
            proxy(socket -> {
              socket.getInputStream().transferTo(socket.getOutputStream());
              socket.shutdownOutput();
            });
        Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
      Thread writer =
          Thread.startVirtualThread(() -> {
            try {
              client.getOutputStream().write(data);
              client.shutdownOutput();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });

      assertThat(client.getInputStream().readAllBytes()).isEqualTo(data);
      writer.join();
      assertThat(Waits.get(splice().done()))
          .isEqualTo(new Splice.Result(data.length, data.length, End.FINISHED));
    }
  }

  @Test
  void readsNoFasterThanTheOtherSideTakes() throws Exception {
    var written = new java.util.concurrent.atomic.AtomicLong();
    var stuck = new CountDownLatch(1);
    try (Peer upstream =
            proxy(socket -> {
              socket.setSendBufferSize(64 * 1024);
              OutputStream out = socket.getOutputStream();
              byte[] piece = new byte[64 * 1024];
              for (int i = 0; i < 1024; i++) {
                out.write(piece);
                written.addAndGet(piece.length);
              }
              stuck.countDown();
            });
        Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
      Splice splice = splice();

      // 64 MB do not fit anywhere on the way: the writer must be stuck until somebody reads
      assertThat(stuck.await(700, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(splice.bytesDown()).isLessThan(40L * 1024 * 1024);
      InputStream in = client.getInputStream();
      assertThat(in.readNBytes(64 * 1024 * 1024)).hasSize(64 * 1024 * 1024);
      assertThat(stuck.await(8, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void takesOverAGuardedConnectWithWhatTheClientSentAhead() throws Exception {
    try (Peer upstream = proxy(socket -> Peer.write(socket, "<" + Peer.readAll(socket) + ">"))) {
      HttpServer server =
          vertx
              .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
              .connectionHandler(connection ->
                  RequestGuard.protect(
                      connection,
                      RequestGuard.Limits.DEFAULT,
                      Duration.ofSeconds(10),
                      reason -> {}))
              .requestHandler(request -> connect(request, at(upstream)));
      try (Socket client = Peer.connect(Waits.get(server.listen(0, "127.0.0.1")).actualPort())) {
        Peer.write(client, "CONNECT t:1 HTTP/1.1\r\nHost: t:1\r\n\r\n\0early");
        assertThat(Peer.readHead(client)).startsWith("HTTP/1.1 200");
        Peer.write(client, ",late");
        client.shutdownOutput();

        assertThat(Peer.readAll(client)).isEqualTo("<\0early,late>");
        assertThat(Waits.get(splice().done())).isEqualTo(new Splice.Result(11, 13, End.FINISHED));
      }
    }
  }

  private void connect(HttpServerRequest request, ProxyAddress proxy) {
    dialer
        .dial(proxy, "t", 1, Duration.ofSeconds(8))
        .tunnel()
        .onSuccess(tunnel ->
            request
                .toNetSocket()
                .onSuccess(
                    client -> splices.add(Splice.join(client, tunnel.socket(), LONG, LONG))));
  }

  @Test
  void passesAResetOn() throws Exception {
    try (Peer upstream =
            proxy(socket -> {
              socket.getInputStream().read();
              socket.setSoLinger(true, 0);
            });
        Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
      Splice splice = splice();
      Peer.write(client, "x");

      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(Waits.get(splice.done()).end()).isEqualTo(End.RESET);
    }
  }

  @Test
  void passesAResetOfTheClientOn() throws Exception {
    var broken = new CountDownLatch(1);
    try (Peer upstream =
        proxy(socket -> {
          try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
          } catch (SocketException reset) {
            broken.countDown();
          }
        })) {
      Splice splice;
      try (Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
        splice = splice();
        client.setSoLinger(true, 0);
      }

      assertThat(Waits.get(splice.done()).end()).isEqualTo(End.RESET);
      assertThat(broken.await(8, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void endsWhenNothingMovesForTheIdleTime() throws Exception {
    try (Peer upstream = proxy(Peer::readAll);
        Socket client = Peer.connect(join(at(upstream), Duration.ofMillis(120)).actualPort())) {
      assertThat(Peer.readAll(client)).isEmpty();
      assertThat(Waits.get(splice().done()).end()).isEqualTo(End.IDLE);
    }
  }

  @Test
  void endsWhenItTakesTooLongHoweverBusyItIs() throws Exception {
    try (Peer upstream = proxy(Peer::readAll);
        Socket client =
            Peer.connect(join(at(upstream), LONG, Duration.ofMillis(300)).actualPort())) {
      Thread busy =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    client.getOutputStream().write(1);
                    Time.system().sleep(10_000_000);
                  }
                } catch (IOException | InterruptedException over) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThat(Waits.get(splice().done()).end()).isEqualTo(End.EXPIRED);
      busy.interrupt();
      assertThat(busy.join(Duration.ofSeconds(8))).isTrue();
    }
  }

  @Test
  void endsWhenClosed() throws Exception {
    try (Peer upstream = proxy(Peer::readAll);
        Socket client = Peer.connect(join(at(upstream), LONG).actualPort())) {
      Splice splice = splice();

      splice.close();
      splice.close();

      assertThat(Waits.get(splice.done()).end()).isEqualTo(End.CLOSED);
      assertThat(Peer.readAll(client)).isEmpty();
    }
  }

  @Test
  void endsWhenTheServerGoesAway() throws Exception {
    try (Peer upstream = proxy(Peer::readAll)) {
      NetServer server = join(at(upstream), LONG);
      try (Socket client = Peer.connect(server.actualPort())) {
        Splice splice = splice();

        Waits.get(server.close());

        assertThat(Waits.get(splice.done()).end()).isEqualTo(End.CLOSED);
        assertThat(Peer.readAll(client)).isEmpty();
      }
    }
  }

  @Test
  void carriesATunnelThroughAnHttpsProxy(@TempDir Path directory) throws Exception {
    PfxOptions key = Certificates.forHost("localhost", directory);
    try (Peer upstream =
            new Peer(
                Certificates.listen(key),
                socket -> {
                  Peer.readHead(socket);
                  Peer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
                  String all = Peer.readAll(socket);
                  Peer.write(socket, "<" + all + ">");
                });
        Socket client =
            Peer.connect(
                join(ProxyAddress.parse("https://localhost:" + upstream.port()), LONG)
                    .actualPort())) {
      Splice splice = splice();
      Peer.write(client, "hello");
      client.shutdownOutput();

      assertThat(Peer.readAll(client)).isEqualTo("<hello>");
      assertThat(Waits.get(splice.done())).isEqualTo(new Splice.Result(5, 7, End.FINISHED));
    }
  }

  @Test
  void wantsItsOwnEventLoop() throws Exception {
    var sockets = new LinkedBlockingQueue<NetSocket>();
    NetServer server = vertx.createNetServer().connectHandler(sockets::add);
    int port = Waits.get(server.listen(0, "127.0.0.1")).actualPort();
    try (Socket one = Peer.connect(port);
        Socket two = Peer.connect(port)) {
      NetSocket left = sockets.take();
      NetSocket right = sockets.take();

      assertThatThrownBy(() -> Splice.join(left, right, LONG, LONG))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> Splice.join(left, right, Duration.ZERO, LONG))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Splice.join(left, right, LONG, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
  }
}
