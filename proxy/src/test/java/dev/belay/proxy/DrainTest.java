package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DrainTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void start(Duration drain) throws Exception {
    harness.timeouts(t ->
        new ProxySettings.Timeouts(
            t.connect(), t.answer(), t.head(), t.idle(), t.transfer(), drain));
    harness.start();
  }

  private CompletableFuture<Integer> stop() {
    return harness.proxy().stop().toCompletionStage().toCompletableFuture();
  }

  private void awaitClosed() {
    Eventually.holds(
        "the doors are closed",
        () -> {
          Client client = harness.client();
          return isClosed(client, client.port()) && isClosed(client, client.socksPort());
        });
  }

  private static boolean isClosed(Client client, int port) {
    try (Socket socket = client.connect(port)) {
      return !socket.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void withoutTrafficItIsOverAtOnce() throws Exception {
    start(Duration.ofSeconds(10));
    long start = System.nanoTime();
    assertThat(stop().get(5, TimeUnit.SECONDS)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void aRunningRequestIsFinishedAndNobodyElseIsLetIn() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.ok("done").bodyDelayed(Duration.ofMillis(700))));
    harness.upstream(Kind.HTTP);
    start(Duration.ofSeconds(10));
    Client client = harness.client();
    try (Socket socket = client.open(Raw.get(origin.uri("/")))) {
      assertThat(origin.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      CompletableFuture<Integer> stopped = stop();
      awaitClosed();
      assertThat(stopped).isNotDone();
      assertThat(Client.read(socket, "GET").body()).isEqualTo("done");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat(stopped.get(5, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void aRequestThatIsStillLookingForAProxyIsFinishedToo() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.ok("done").delayed(Duration.ofMillis(500))));
    FaultyProxy upstream = harness.upstream(Kind.SOCKS5);
    start(Duration.ofSeconds(10));
    try (Socket socket = harness.client().open(Raw.get(origin.uri("/")))) {
      assertThat(upstream.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      CompletableFuture<Integer> stopped = stop();
      assertThat(Client.read(socket, "GET").body()).isEqualTo("done");
      assertThat(stopped.get(5, TimeUnit.SECONDS)).isZero();
    }
  }

  private Socket tunnel(String by, FaultyOrigin origin) throws IOException {
    Socket socket;
    if (by.equals("socks")) {
      socket = harness.client().connect(harness.proxy().socksPort());
      socket.getOutputStream().write(new byte[] {5, 1, 0});
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readFully(new byte[2]);
      int port = origin.port();
      socket
          .getOutputStream()
          .write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port});
      in.readFully(new byte[10]);
      Client.write(socket, upgrade("/"));
    } else if (by.equals("connect")) {
      socket = harness.client().open(Raw.connect(origin.uri("/")));
      Client.read(socket, "CONNECT");
      Client.write(socket, upgrade("/"));
    } else {
      socket = harness.client().open(upgrade(origin.uri("/").toString()));
    }
    assertThat(Client.read(socket, "GET").status()).isEqualTo(101);
    return socket;
  }

  private static String upgrade(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
  }

  private static void echoes(Socket socket) throws IOException {
    Client.write(socket, "hello");
    assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
        .isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect", "socks", "upgrade"})
  void anOpenTunnelGoesOnUntilItsClientIsDone(String by) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.upgradeEcho()));
    harness.upstream(Kind.SOCKS5);
    start(Duration.ofSeconds(10));
    CompletableFuture<Integer> stopped;
    try (Socket socket = tunnel(by, origin)) {
      echoes(socket);
      stopped = stop();
      awaitClosed();
      echoes(socket);
      assertThat(stopped).isNotDone();
    }
    assertThat(stopped.get(5, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void whatIsLeftAtTheLimitIsCutAndCounted() throws Exception {
    FaultyOrigin echo = harness.origin(Script.of(Reply.upgradeEcho()));
    FaultyOrigin hanging = harness.origin(Script.of(Reply.hang()));
    harness.upstream(Kind.SOCKS5);
    start(Duration.ofMillis(300));
    try (Socket connect = tunnel("connect", echo);
        Socket socks = tunnel("socks", echo);
        Socket upgrade = tunnel("upgrade", echo);
        Socket request = harness.client().open(Raw.get(hanging.uri("/")))) {
      assertThat(hanging.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      assertThat(stop().get(5, TimeUnit.SECONDS)).isEqualTo(4);
      for (Socket cut : new Socket[] {connect, socks, upgrade, request}) {
        assertThat(endsSoon(cut)).isTrue();
      }
    }
    harness.awaitQuiet();
  }

  private static boolean endsSoon(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void idleConnectionsAreClosedAtOnceWhileOthersGoOn() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("quick"), Reply.hang()));
    harness.upstream(Kind.SOCKS5);
    start(Duration.ofSeconds(2));
    try (Socket idle = harness.client().open(Raw.get(origin.uri("/")))) {
      assertThat(Client.read(idle, "GET").body()).isEqualTo("quick");
      try (Socket busy = harness.client().open(Raw.get(origin.uri("/")))) {
        assertThat(origin.awaitRequests(2, Duration.ofSeconds(5))).isTrue();
        CompletableFuture<Integer> stopped = stop();
        assertThat(idle.getInputStream().read()).isEqualTo(-1);
        assertThat(stopped).isNotDone();
        assertThat(busy.isConnected()).isTrue();
      }
    }
  }

  @Test
  void thePortsAreFreeAfterwards() throws Exception {
    start(Duration.ofSeconds(1));
    int port = harness.proxy().port();
    stop().get(5, TimeUnit.SECONDS);
    harness.settings(harness.settings().withListen(new ProxySettings.Listen("127.0.0.1", port, 0)));
    harness.start();
    assertThat(harness.proxy().port()).isEqualTo(port);
  }

  @Test
  void aTakenPortIsAnErrorThatLeavesNothingOpen() throws Exception {
    start(Duration.ofSeconds(1));
    ForwardProxy first = harness.proxy();
    harness.settings(
        harness.settings().withListen(new ProxySettings.Listen("127.0.0.1", 0, first.port())));
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      harness.settings(
          harness
              .settings()
              .withListen(new ProxySettings.Listen("127.0.0.1", 0, taken.getLocalPort())));
      assertThatThrownBy(harness::start).hasRootCauseInstanceOf(java.net.BindException.class);
    }
  }
}
