package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.http.RequestGuard.Reason;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who and what is turned away at the door. */
@Timeout(30)
class DoorTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[fc00::1]",
        "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "localhost", "localhost.", "x.localhost"
      })
  void privateTargetsAreRefusedInEveryForm(String host) throws Exception {
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.settings(harness.settings().withAccess(new ProxySettings.Access(Map.of(), false)));
    harness.start();
    String absolute = "GET http://" + host + ":8080/ HTTP/1.1\r\nHost: x\r\n\r\n";
    String connect = "CONNECT " + host + ":8080 HTTP/1.1\r\nHost: x\r\n\r\n";

    try (Socket socket = harness.client().open(absolute)) {
      Client.Response response = Client.read(socket, "GET");
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.body()).contains("TARGET_NOT_ALLOWED", "allow_private");
    }
    assertThat(harness.client().raw(connect)).startsWith("HTTP/1.1 403");
    if (!host.contains("[") && !host.matches("[0-9]+|0x.*")) {
      assertThat(harness.client().socks(URI.create("http://" + host + ":8080/"), "a", "b"))
          .isEqualTo(2);
    }
    assertThat(upstream.connectionCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.168.1.5", "::", "proxy.example", "127.evil.example"})
  void anOpenDoorNeedsALock(String host) {
    ProxySettings.Listen listen = new ProxySettings.Listen(host, 1, 2);
    assertThatThrownBy(() -> ProxySettings.DEFAULT.withListen(listen))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("proxy.users");
    ProxySettings.Access locked = new ProxySettings.Access(Map.of("a", "b"), false);
    assertThat(ProxySettings.DEFAULT.withAccess(locked).withListen(listen)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
  void theDoorToThisMachineNeedsNone(String host) {
    ProxySettings.Listen listen = new ProxySettings.Listen(host, 1, 2);
    assertThat(ProxySettings.DEFAULT.withListen(listen).listen()).isEqualTo(listen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST http://t.test/ HTTP/1.1_Host: t_Content-Length: 3_Transfer-Encoding: chunked__0___"
            + "|LENGTH_AND_ENCODING",
        "POST http://t.test/ HTTP/1.1_Host: t_Content-Length: 3_Content-Length: 4__abc"
            + "|CONTENT_LENGTH",
        "POST http://t.test/ HTTP/1.1_Host: t_Content-Length: +3__abc|CONTENT_LENGTH",
        "POST http://t.test/ HTTP/1.1_Host: t_Transfer-Encoding: gzip, chunked__0__"
            + "|TRANSFER_ENCODING",
        "POST http://t.test/ HTTP/1.1_Host: t_Transfer-Encoding : chunked__0__"
            + "|SPACE_BEFORE_COLON",
        "GET http://t.test/ HTTP/1.1_Host: t_X: a_ b__|FOLDED_HEADER",
        "GET http://t.test/ HTTP/1.1_Host: t_Host: u__|HOST",
        "GET http://t.test/ HTTP/1.1__|HOST",
        "GET  http://t.test/ HTTP/1.1_Host: t__|REQUEST_LINE",
        "GET http://t.test/ HTTP/3.1_Host: t__|REQUEST_LINE",
        "GET http://t.test/ HTTP/1.1_Host: t_X: a\0b__|CONTROL_CHARACTER",
        "GET http://t.test/ HTTP/1.1_Host: t_X y: a__|HEADER_NAME"
      })
  void whatCouldBeReadInTwoWaysIsRefusedAndCounted(String request, Reason reason) throws Exception {
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.start();
    String answer = harness.client().raw(request.replace("_", "\r\n"));
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(harness.proxy().traffic().malformed()).containsEntry(reason, 1L);
    assertThat(upstream.connectionCount()).isZero();
  }

  @Test
  void nothingIsSmuggledBehindAGoodRequest() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
    harness.upstream(Kind.HTTP);
    harness.start();
    String smuggled = "GET " + origin.uri("/hidden") + " HTTP/1.1\nHost: x\n\n";
    String answer = harness.client().raw(Raw.get(origin.uri("/seen")) + smuggled);
    assertThat(answer).startsWith("HTTP/1.1 200").contains("HTTP/1.1 400");
    assertThat(origin.requests()).hasSize(1);
    assertThat(harness.proxy().traffic().malformed()).containsEntry(Reason.BARE_LF, 1L);
  }

  @Test
  void headerBombsDoNotGoOff() throws Exception {
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.start();
    String head = "GET http://t.test/ HTTP/1.1\r\nHost: t\r\n";
    assertThat(harness.client().raw(head + "X: y\r\n".repeat(101) + "\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(harness.client().raw(head + "X: " + "y".repeat(17_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(harness.client().raw("GET http://t.test/" + "y".repeat(17_000)))
        .startsWith("HTTP/1.1 400");
    assertThat(harness.proxy().traffic().malformed())
        .containsEntry(Reason.TOO_MANY_HEADERS, 1L)
        .containsEntry(Reason.TOO_LARGE, 2L);
    assertThat(upstream.connectionCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "GET /x HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET https://t.test/ HTTP/1.1",
        "GET ftp://t.test/ HTTP/1.1",
        "GET http:/// HTTP/1.1",
        "GET http://:80/ HTTP/1.1",
        "GET http://t.test:99999/ HTTP/1.1",
        "GET http://t.test:x/ HTTP/1.1",
        "GET http://user@t.test/ HTTP/1.1",
        "GET http://a:b@t.test/ HTTP/1.1",
        "GET http://t%2etest/ HTTP/1.1",
        "GET http://[::1/ HTTP/1.1",
        "GET t.test HTTP/1.1",
        "CONNECT t.test HTTP/1.1",
        "CONNECT http://t.test/ HTTP/1.1",
        "CONNECT t.test:0 HTTP/1.1",
        "CONNECT u@t.test:1 HTTP/1.1"
      })
  void whatIsNoProxyRequestIsRefusedWithAReason(String line) throws Exception {
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.start();
    try (Socket socket = harness.client().open(line + "\r\nHost: t.test\r\n\r\n")) {
      Client.Response response = Client.read(socket, "GET");
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.header("Content-Type")).isEqualTo("application/json");
      assertThat(response.body()).contains("INVALID_URL");
    }
    assertThat(upstream.connectionCount()).isZero();
    assertThat(harness.proxy().traffic().refusals()).isEqualTo(1);
  }

  @Test
  void theTargetInTheRequestLineBeatsTheHostHeader() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
    FaultyProxy upstream = harness.upstream(Kind.SOCKS5);
    harness.start();
    String request = "GET " + origin.uri("/") + " HTTP/1.1\r\nHost: evil.test\r\n\r\n";
    try (Socket socket = harness.client().open(request)) {
      assertThat(Client.read(socket, "GET").status()).isEqualTo(200);
    }
    assertThat(origin.requests().getFirst().header("Host")).contains("127.0.0.1:" + origin.port());
    assertThat(upstream.targets()).containsExactly("127.0.0.1:" + origin.port());
  }

  @Nested
  class Time {
    @Test
    void aHeadHasToComeToItsEnd() throws Exception {
      shortHead();
      String drip = "GET http://t.test/ HTTP/1.1\r\nHost: t";
      assertThat(harness.client().raw(drip)).startsWith("HTTP/1.1 400");
      assertThat(harness.proxy().traffic().malformed()).containsEntry(Reason.TOO_SLOW, 1L);
      harness.awaitQuiet();
    }

    @Test
    void whoSaysNothingAtAllIsLetGo() throws Exception {
      shortHead();
      assertThat(harness.client().raw("")).isEmpty();
      try (Socket socks = harness.client().connect(harness.proxy().socksPort())) {
        socks.getOutputStream().write(new byte[] {5, 1});
        assertThat(socks.getInputStream().readAllBytes()).isEmpty();
      }
      harness.awaitQuiet();
    }

    @Test
    void aHeadThatCameInTimeMayWaitForItsAnswer() throws Exception {
      FaultyOrigin origin =
          harness.origin(Script.of(Reply.ok("late").delayed(Duration.ofMillis(900))));
      harness.upstream(Kind.HTTP);
      shortHead();
      try (Socket socket = harness.client().open(Raw.get(origin.uri("/")))) {
        assertThat(Client.read(socket, "GET").body()).isEqualTo("late");
        Client.write(socket, Raw.get(origin.uri("/")));
        assertThat(Client.read(socket, "GET").body()).isEqualTo("late");
      }
    }

    private void shortHead() throws Exception {
      harness.timeouts(t ->
          new ProxySettings.Timeouts(
              t.connect(), t.answer(), Duration.ofMillis(300), t.idle(), t.transfer(), t.drain()));
      harness.start();
    }

    private void shortIdle() throws Exception {
      harness.timeouts(t ->
          new ProxySettings.Timeouts(
              t.connect(), t.answer(), t.head(), Duration.ofMillis(300), t.transfer(), t.drain()));
      harness.start();
    }

    @Test
    void bodiesThatStallAreBrokenOffInBothDirections() throws Exception {
      FaultyOrigin origin =
          harness.origin(Script.of(Reply.ok("never").bodyDelayed(Duration.ofMinutes(2))));
      harness.upstream(Kind.HTTP);
      shortIdle();
      String upload = Raw.request("POST", origin.uri("/"), "begun", "Content-Length: 100");
      try (Socket download = harness.client().open(Raw.get(origin.uri("/")));
          Socket stalled = harness.client().open(upload)) {
        Eventually.holds("both are cut", () -> isCut(download) && isCut(stalled));
      }
      harness.awaitQuiet();
    }

    /** Reads on until there is no more; what had come before does not matter. */
    private static boolean isCut(Socket socket) {
      try {
        return socket.getInputStream().read(new byte[4096]) < 0;
      } catch (IOException reset) {
        return true;
      }
    }

    private void shortTransfer() throws Exception {
      harness.timeouts(t ->
          new ProxySettings.Timeouts(
              t.connect(), t.answer(), t.head(), t.idle(), Duration.ofMillis(300), t.drain()));
      harness.start();
    }

    @Test
    void bodiesThatTrickleForEverAreBrokenOff() throws Exception {
      FaultyOrigin origin =
          harness.origin(
              Script.of(Reply.ok("").trickled(Duration.ofMillis(20), "x".repeat(500).split(""))));
      harness.upstream(Kind.HTTP);
      shortTransfer();
      try (Socket download = harness.client().open(Raw.get(origin.uri("/")))) {
        assertThat(Client.untilCut(download))
            .startsWith("HTTP/1.1 200")
            .endsWith("x")
            .hasSizeLessThan(400);
      }
      harness.awaitQuiet();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tunnelsThatAreNeverQuietEndAsWell(boolean upgraded) throws Exception {
      FaultyOrigin echo = harness.origin(Script.of(Reply.upgradeEcho()));
      harness.upstream(Kind.HTTP);
      shortTransfer();
      String upgrade = "Connection: Upgrade\r\nUpgrade: chat";
      try (Socket tunnel =
          harness
              .client()
              .open(upgraded ? Raw.get(echo.uri("/"), upgrade) : Raw.connect(echo.uri("/")))) {
        Client.read(tunnel, upgraded ? "GET" : "CONNECT");
        if (!upgraded) {
          Client.write(tunnel, "GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + "\r\n\r\n");
        }
        Eventually.holds("it is cut", () -> isCutThoughBusy(tunnel));
      }
      harness.awaitQuiet();
    }

    /** Says something and reads what comes back. */
    private static boolean isCutThoughBusy(Socket tunnel) {
      try {
        Client.write(tunnel, "hey");
        return tunnel.getInputStream().read(new byte[4096]) < 0;
      } catch (IOException reset) {
        return true;
      }
    }

    @Test
    void idleConnectionsAndTunnelsAreClosed() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
      harness.upstream(Kind.HTTP);
      shortIdle();
      try (Socket kept = harness.client().open(Raw.get(origin.uri("/")));
          Socket tunnel = harness.client().open(Raw.connect(origin.uri("/")))) {
        Client.read(kept, "GET");
        Client.read(tunnel, "CONNECT");
        assertThat(kept.getInputStream().read()).isEqualTo(-1);
        assertThat(tunnel.getInputStream().read()).isEqualTo(-1);
      }
      harness.awaitQuiet();
    }
  }

  @Nested
  class Numbers {
    private void atMost(int connections, int forEachClient) throws Exception {
      harness.limits(l ->
          new ProxySettings.Limits(
              connections, forEachClient, l.upstreamConnections(), l.head(), l.body()));
      harness.start();
    }

    @ParameterizedTest
    @CsvSource({"2, 100", "100, 2"})
    void oneConnectionTooManyIsToldToComeBack(int connections, int forEachClient) throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
      harness.upstream(Kind.HTTP);
      atMost(connections, forEachClient);
      List<Socket> guests = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Socket guest = harness.client().open(Raw.get(origin.uri("/")));
        guests.add(guest);
        assertThat(Client.read(guest, "GET").status()).isEqualTo(200);
      }

      try (Socket late = harness.client().open(Raw.get(origin.uri("/")))) {
        Client.Response response = Client.read(late, "GET");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isEqualTo("1");
        assertThat(response.body()).contains("OVERLOADED", "max_connections");
        assertThat(late.getInputStream().read()).isEqualTo(-1);
      }
      try (Socket late = harness.client().connect(harness.proxy().socksPort())) {
        late.getOutputStream().write(new byte[] {5, 1, 0});
        assertThat(readOrBroken(late)).isEqualTo(-1);
      }
      assertThat(harness.proxy().traffic().refusals()).isEqualTo(2);

      for (Socket guest : guests) {
        guest.close();
      }
      harness.awaitQuiet();
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(200);
    }

    private static int readOrBroken(Socket socket) {
      try {
        return socket.getInputStream().read();
      } catch (IOException reset) {
        return -1;
      }
    }

    @Test
    void requestsWaitForAConnectionToTheProxyWhenAllAreTaken() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x").delayed(Duration.ofMillis(50))));
      FaultyProxy upstream = harness.upstream(Kind.HTTP);
      harness.limits(l ->
          new ProxySettings.Limits(
              l.connections(), l.connectionsPerClient(), 2, l.head(), l.body()));
      harness.start();
      Crowd.of(20, i -> assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(200));
      // two for each of the two event loops
      assertThat(upstream.connectionCount()).isLessThanOrEqualTo(4);
      harness.awaitQuiet();
    }

    @Test
    void whoWaitedInVainForAConnectionBlamesNoProxy() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
      harness.upstream(Kind.SOCKS5);
      harness.limits(l ->
          new ProxySettings.Limits(
              l.connections(), l.connectionsPerClient(), 1, l.head(), l.body()));
      harness.policy(
          RetryPolicy.named("default").maxAttempts(1).timeout(Duration.ofMillis(400)).build());
      harness.start();
      Crowd.of(10, i -> assertThat(harness.client().get(origin.uri("/")).status()).isIn(503, 504));
      assertThat(harness.verdicts())
          .hasSize(10)
          .allMatch(verdict -> verdict.blame() != Blame.ENDPOINT)
          .contains(Verdict.retry(ErrorClass.REJECTED, Blame.CALLER).withNothingSent());
      harness.awaitQuiet();
    }
  }
}
