package dev.belay.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultyOriginTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @RegisterExtension final FaultServers servers = new FaultServers();

  private FaultyOrigin origin(Reply first, Reply... rest) {
    return servers.origin(Script.of(first, rest));
  }

  private static HttpResponse<String> get(FaultyOrigin origin, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(origin.uri(path)).timeout(PATIENCE).build();
      return client.send(request, BodyHandlers.ofString());
    }
  }

  @Test
  void followsItsScriptOverOneConnection() throws Exception {
    FaultyOrigin origin = origin(Reply.status(503).retryAfterSeconds(2), Reply.ok("hello"));

    try (Peer peer = new Peer(origin.port())) {
      String refused = peer.get("/").head();
      String served = peer.get("/").head();

      assertThat(refused).startsWith("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\n");
      assertThat(served).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      assertThat(peer.read(5)).isEqualTo("hello");
      assertThat(origin.connectionCount()).isEqualTo(1);
      assertThat(origin.activeConnections()).isEqualTo(1);
    }
    assertThat(origin.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void serves10RequestsSentAtOnceInOrder() throws Exception {
    FaultyOrigin origin = servers.origin(Script.answering(q -> Reply.ok(q.path().substring(1))));

    try (Peer peer = new Peer(origin.port())) {
      for (int i = 0; i < 10; i++) {
        peer.get("/" + i);
      }
      for (int i = 0; i < 10; i++) {
        peer.head();
        assertThat(peer.read(1)).isEqualTo(Integer.toString(i));
      }
    }
  }

  @Test
  void keepsWhatItReceived() throws Exception {
    long before = System.nanoTime();
    FaultyOrigin origin = origin(Reply.ok(""));

    try (Peer peer = new Peer(origin.port())) {
      peer.send(
              "POST /a?b=c HTTP/1.1\r\nX-Two: 1\r\nHost: h\r\nx-two:  2 \r\nContent-Length: 4\r\n\r\nbody")
          .head();
    }

    ReceivedRequest request = origin.requests().getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/a?b=c");
    assertThat(request.path()).isEqualTo("/a");
    assertThat(request.headers())
        .containsExactly(
            new Header("X-Two", "1"),
            new Header("Host", "h"),
            new Header("x-two", "2"),
            new Header("Content-Length", "4"));
    assertThat(request.header("HOST")).contains("h");
    assertThat(request.body()).asString().isEqualTo("body");
    assertThat(request.bodyLength()).isEqualTo(4);
    assertThat(request.arrivalNanos() - before).isBetween(0L, PATIENCE.toNanos());
    assertThat(request.connection()).isEqualTo(1);
    assertThat(request).hasToString("POST /a?b=c HTTP/1.1 (4 bytes)");
  }

  @Test
  void forgetsOnResetAndBeginsItsScriptAgain() throws Exception {
    FaultyOrigin origin = origin(Reply.status(500), Reply.ok("fine"));

    assertThat(get(origin, "/").statusCode()).isEqualTo(500);
    assertThat(get(origin, "/").statusCode()).isEqualTo(200);
    assertThat(origin.requestCount()).isEqualTo(2);
    origin.reset();
    assertThat(origin.requests()).isEmpty();
    assertThat(get(origin, "/").statusCode()).isEqualTo(500);
    origin.behave(Script.of(Reply.status(418)));
    assertThat(get(origin, "/").statusCode()).isEqualTo(418);
  }

  @Test
  void readsChunkedBodiesAndEchoesThem() throws Exception {
    FaultyOrigin origin = origin(Reply.echo());

    try (Peer peer = new Peer(origin.port())) {
      peer.send("PUT /up HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      peer.send("3;ext=1\r\nabc\r\n").send("2\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
      assertThat(peer.head()).contains("Content-Type: text/plain; charset=utf-8");
      assertThat(peer.read(50)).isEqualTo("PUT /up HTTP/1.1\nTransfer-Encoding: chunked\n\nabcde");
    }
  }

  @Test
  void keepsOnlyTheBeginningOfALongBody() throws Exception {
    FaultyOrigin origin =
        servers.closing(FaultyOrigin.builder().bodyLimit(3).start(Script.of(Reply.ok("ok"))));

    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(origin.uri()).POST(BodyPublishers.ofString("0123456789")).build(),
          BodyHandlers.ofString());
    }

    assertThat(origin.requests().getFirst().bodyText()).isEqualTo("012");
    assertThat(origin.requests().getFirst().bodyLength()).isEqualTo(10);
  }

  @Test
  void hangsUntilItIsClosed() throws Exception {
    FaultyOrigin origin = origin(Reply.hang());

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/");
      assertThat(origin.awaitRequests(1, PATIENCE)).isTrue();
      assertThat(origin.awaitRequests(2, Duration.ofMillis(1))).isFalse();
      assertThat(origin.awaitIdle(Duration.ofMillis(1))).isFalse();
      long start = System.nanoTime();
      origin.close();
      assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
      assertThat(origin.liveThreads()).isZero();
      assertThat(peer.seesEnd()).isTrue();
    }
  }

  @Test
  void stopsHangingWhenThePeerLeaves() throws Exception {
    FaultyOrigin origin = origin(Reply.hang());

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/");
      assertThat(origin.awaitRequests(1, PATIENCE)).isTrue();
    }

    assertThat(origin.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void endsALongDelayOnClose() throws Exception {
    FaultyOrigin origin = origin(Reply.late(Duration.ofHours(1)));

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/");
      assertThat(origin.awaitRequests(1, PATIENCE)).isTrue();
      origin.close();
      assertThat(origin.liveThreads()).isZero();
    }
  }

  @Test
  void endsAScriptThatBlocksOnClose() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FaultyOrigin origin =
        servers.origin(
            Script.answering(q -> {
              asked.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                return Reply.ok("interrupted");
              }
              return Reply.ok("never");
            }));

    try (Peer peer = new Peer(origin.port())) {
      peer.get("/");
      assertThat(asked.await(5, SECONDS)).isTrue();
      origin.close();
      assertThat(origin.liveThreads()).isZero();
    }
  }

  @Test
  void servesOldClients() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("a"), Reply.status(200).chunked(Duration.ZERO, "b", "c"));

    try (Peer peer = new Peer(origin.port())) {
      peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(peer.head()).contains("Connection: keep-alive");
      assertThat(peer.read(1)).isEqualTo("a");
      peer.send("GET / HTTP/1.0\r\n\r\n").head();
      assertThat(peer.rest()).isEqualTo("bc");
    }
  }

  @Test
  void invitesABodyThatWaits() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("ok"));

    try (Peer peer = new Peer(origin.port())) {
      peer.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(peer.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(peer.send("hi").head()).startsWith("HTTP/1.1 200");
    }
    assertThat(origin.requests().getFirst().bodyText()).isEqualTo("hi");
  }

  @Test
  void answersWithoutTheBodyWhenToldTo() throws Exception {
    FaultyOrigin origin =
        servers.closing(
            FaultyOrigin.builder()
                .expectation(FaultyOrigin.Expectation.ANSWER_AT_ONCE)
                .start(Script.of(Reply.status(401))));

    try (Peer peer = new Peer(origin.port())) {
      peer.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
      assertThat(peer.head()).startsWith("HTTP/1.1 401");
      assertThat(peer.seesEnd()).isTrue();
    }
  }

  @Test
  void staysSilentWhenToldTo() throws Exception {
    FaultyOrigin origin =
        servers.closing(
            FaultyOrigin.builder()
                .expectation(FaultyOrigin.Expectation.SILENCE)
                .start(Script.of(Reply.ok("ok"))));

    try (Peer peer = new Peer(origin.port())) {
      peer.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
      assertThat(peer.head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void diesAndComesBackOnItsPort() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("alive"));
    int port = origin.port();

    try (Peer peer = new Peer(port)) {
      peer.get("/").head();
      origin.kill();
      assertThat(peer.rest()).isEqualTo("alive");
    }
    assertThatThrownBy(() -> new Peer(port)).isInstanceOf(ConnectException.class);
    origin.restart();
    origin.restart();
    assertThat(get(origin, "/").body()).isEqualTo("alive");
    origin.close();
    origin.close();
    assertThatThrownBy(origin::restart).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takesTheWantedPortOrSaysThatItCannot() {
    FaultyOrigin first = origin(Reply.ok(""));
    int port = first.port();

    assertThatThrownBy(() -> FaultyOrigin.builder().port(port).start(Script.of(Reply.ok(""))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(Integer.toString(port));
    first.close();
    FaultyOrigin second =
        servers.closing(FaultyOrigin.builder().port(port).start(Script.of(Reply.ok(""))));
    assertThat(second.port()).isEqualTo(port);
  }

  @Test
  void refusesWhatIsNotHttp() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("ok"));
    String[][] cases = {
      {"nonsense\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\n\r\n", "505"},
      {"GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400"},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "400"},
      {"GET / HTTP/1.1\r\nA: " + "x".repeat(70_000) + "\r\n\r\n", "431"},
    };

    for (String[] each : cases) {
      try (Peer peer = new Peer(origin.port())) {
        assertThat(peer.send(each[0]).head()).as(each[0]).startsWith("HTTP/1.1 " + each[1]);
      }
    }
    assertThat(origin.requestCount()).isZero();
  }

  @Test
  void readsAHeadThatComesInPieces() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("ok"));
    String value = "x".repeat(30_000);

    try (Peer peer = new Peer(origin.port())) {
      peer.send("\r\nGET / HT").send("TP/1.1\r\nA: ").send(value).send("\r").send("\n\r\n").head();
    }

    assertThat(origin.requests().getFirst().header("a")).contains(value);
  }

  @Test
  void forgetsTheOldestOf10000Requests() throws Exception {
    FaultyOrigin origin = origin(Reply.ok(""));
    int count = 10_050;

    try (Peer peer = new Peer(origin.port())) {
      for (int sent = 0; sent < count; sent += 50) {
        peer.send("GET / HTTP/1.1\r\n\r\n".repeat(50));
        for (int i = 0; i < 50; i++) {
          peer.read(38);
        }
      }
    }

    assertThat(origin.requestCount()).isEqualTo(count);
    assertThat(origin.requests()).hasSize(10_000);
  }

  @Test
  void cutsAConnectionWhoseScriptThrows() throws Exception {
    FaultyOrigin origin =
        servers.origin(
            Script.answering(q -> {
              throw new IllegalStateException("scripted");
            }));

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").seesEnd()).isTrue();
    } catch (IOException e) {
      throw new AssertionError("expected an orderly end", e);
    }
  }
}
