package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReplyTest {
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
  void sendsChunksWithPausesBetween() throws Exception {
    FaultyOrigin origin = origin(Reply.status(200).chunked(Duration.ofMillis(20), "ab", "", "cde"));
    long start = System.nanoTime();

    HttpResponse<String> response = get(origin, "/");

    assertThat(response.body()).isEqualTo("abcde");
    assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
  }

  @Test
  void framesABodyByTheEndOfTheConnection() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("to the end").untilClose());

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Connection: close").doesNotContain("Length");
      assertThat(peer.rest()).isEqualTo("to the end");
    }
  }

  @Test
  void tricklesABodyOfKnownLength() throws Exception {
    FaultyOrigin origin = origin(Reply.status(200).trickled(Duration.ofMillis(5), "a", "b", "c"));

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Content-Length: 3");
      assertThat(peer.read(3)).isEqualTo("abc");
    }
  }

  @Test
  void waitsBeforeTheStatusAndBeforeTheBody() throws Exception {
    FaultyOrigin origin =
        origin(
            Reply.ok("late").delayed(Duration.ofMillis(30)),
            Reply.ok("later").bodyDelayed(Duration.ofMillis(30)),
            Reply.late(Duration.ofMillis(30)));

    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      get(origin, "/");
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }
  }

  @Test
  void resetsBeforeAnswering() throws Exception {
    FaultyOrigin origin = origin(Reply.reset());

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").seesReset()).isTrue();
    }
  }

  @Test
  void resetsAfterTheHeadAndInsideTheBody() throws Exception {
    FaultyOrigin origin =
        origin(Reply.ok("0123456789").resetAfterHead(), Reply.ok("0123456789").resetAfter(4));

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Content-Length: 10");
      assertThat(peer.seesReset()).isTrue();
    }
    try (Peer peer = new Peer(origin.port())) {
      peer.get("/").head();
      assertThat(peer.read(4)).isEqualTo("0123");
      assertThat(peer.seesReset()).isTrue();
    }
  }

  @Test
  void truncatesBodiesAndChunks() throws Exception {
    FaultyOrigin origin =
        origin(
            Reply.ok("0123456789").truncatedAfter(4),
            Reply.ok("01").truncatedAfter(9),
            Reply.status(200).chunked(Duration.ZERO, "abc", "def").truncatedAfter(3));

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Content-Length: 10");
      assertThat(peer.rest()).isEqualTo("0123");
    }
    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Content-Length: 3");
      assertThat(peer.rest()).isEqualTo("01");
    }
    try (Peer peer = new Peer(origin.port())) {
      peer.get("/").head();
      assertThat(peer.rest()).isEqualTo("3\r\nabc\r\n");
    }
  }

  @Test
  void sendsGarbageHalfALineOrNothing() throws Exception {
    FaultyOrigin origin =
        origin(Reply.raw("\0\1garbage"), Reply.halfStatusLine(), Reply.disconnect());

    for (String expected : new String[] {"\0\1garbage", "HTTP/1.1 20", ""}) {
      try (Peer peer = new Peer(origin.port())) {
        assertThat(peer.get("/").rest()).isEqualTo(expected);
      }
    }
  }

  @Test
  void getsStuckInsideTheStatusLine() throws Exception {
    FaultyOrigin origin = origin(Reply.stuckStatusLine());

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").read(11)).isEqualTo("HTTP/1.1 20");
      assertThat(origin.activeConnections()).isEqualTo(1);
    }
  }

  @Test
  void letsAProgramAnswerAtItsOwnPace() throws Exception {
    FaultyOrigin origin =
        origin(
            Reply.written(wire -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na".getBytes(US_ASCII));
              wire.pause(Duration.ofMillis(5));
              wire.send("b".getBytes(US_ASCII));
              return wire.keepsAlive();
            }),
            Reply.written(wire -> wire.reply(Reply.ok("second"))),
            Reply.written(wire -> {
              wire.send("HTTP/1.1 200".getBytes(US_ASCII));
              return wire.reply(Reply.disconnect());
            }));

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Content-Length: 2");
      assertThat(peer.read(2)).isEqualTo("ab");
      assertThat(peer.get("/").head()).contains("Content-Length: 6");
      assertThat(peer.read(6)).isEqualTo("second");
      assertThat(peer.get("/").rest()).isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void sendsManyHeaders() throws Exception {
    FaultyOrigin origin = origin(Reply.status(200).manyHeaders(500));

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("X-Filler-0: 0\r\n", "X-Filler-499: 499\r\n");
    }
  }

  @Test
  void writesRetryAfterAsADate() throws Exception {
    FaultyOrigin origin = origin(Reply.status(429).retryAfter(Instant.ofEpochSecond(784111777)));

    assertThat(get(origin, "/").headers().firstValue("Retry-After"))
        .contains("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void letsAScriptLieAboutTheLength() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("abc").header("Content-Length", "2"));

    assertThat(get(origin, "/").body()).isEqualTo("ab");
  }

  @Test
  void closesWhenItSaidSoAndWhenItDidNot() throws Exception {
    FaultyOrigin origin = origin(Reply.ok("a").closing(), Reply.ok("b").stale());

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).contains("Connection: close");
      assertThat(peer.rest()).isEqualTo("a");
    }
    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).doesNotContain("Connection: close");
      assertThat(peer.rest()).isEqualTo("b");
    }
  }

  @Test
  void sendsNoBodyWhereHttpHasNone() throws Exception {
    FaultyOrigin origin =
        origin(
            Reply.ok("body"),
            Reply.status(204).body("x"),
            Reply.status(304).body("x"),
            Reply.ok("end").closing());

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.send("HEAD / HTTP/1.1\r\n\r\n").head()).contains("Content-Length: 4");
      assertThat(peer.get("/").head()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
      assertThat(peer.get("/").head()).isEqualTo("HTTP/1.1 304 Not Modified\r\n\r\n");
      peer.get("/").head();
      assertThat(peer.rest()).isEqualTo("end");
    }
  }

  @Test
  void upgradesAndSendsEveryByteBack() throws Exception {
    FaultyOrigin origin = origin(Reply.upgradeEcho());

    try (Peer peer = new Peer(origin.port())) {
      assertThat(peer.get("/").head()).startsWith("HTTP/1.1 426");
      peer.send("GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\nfirst");
      assertThat(peer.head()).startsWith("HTTP/1.1 101").contains("Upgrade: chat");
      assertThat(peer.read(5)).isEqualTo("first");
      assertThat(peer.send("\0\1\2").read(3)).isEqualTo("\0\1\2");
      peer.socket.shutdownOutput();
      assertThat(peer.seesEnd()).isTrue();
    }
  }

  @Test
  void refusesRepliesThatMeanNothing() {
    assertThatThrownBy(() -> Reply.status(99)).hasMessageContaining("99");
    assertThatThrownBy(() -> Reply.ok("").delayed(Duration.ofMillis(-1))).hasMessageContaining("-");
    assertThatThrownBy(() -> Reply.ok("").resetAfter(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Reply.ok("").header("a", "b\r\nc")).hasMessageContaining("line break");
    assertThatThrownBy(() -> new Header("", "b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaultyOrigin.builder().bodyLimit(-1)).hasMessageContaining("-1");
    assertThat(Reply.ok("abc")).hasToString("Response[200, 3 bytes]");
    assertThat(Reply.ok("abc").status()).isEqualTo(200);
  }
}
