package dev.belay.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.http.RequestGuard.Limits;
import dev.belay.http.RequestGuard.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {
  private static final String OK = "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final BlockingQueue<Reason> REFUSED = new LinkedBlockingQueue<>();
  private static final Duration HEAD_TIME = Duration.ofMillis(600);
  private static Vertx vertx;
  private static HttpServer guarded;
  private static HttpServer bare;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    guarded = server(true);
    bare = server(false);
  }

  @AfterAll
  static void stop() {
    Waits.get(vertx.close());
  }

  private static HttpServer server(boolean guard) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxHeaderSize(64 * 1024)
            .setMaxInitialLineLength(64 * 1024)
            .setHttp2ClearTextEnabled(false);
    HttpServer server = vertx.createHttpServer(options).requestHandler(RequestGuardTest::serve);
    if (guard) {
      server.connectionHandler(
          connection -> RequestGuard.protect(connection, Limits.DEFAULT, HEAD_TIME, REFUSED::add));
    }
    return Waits.get(server.listen(0, "127.0.0.1"));
  }

  private static void serve(HttpServerRequest request) {
    request.exceptionHandler(cause -> {});
    switch (request.path() == null ? request.uri() : request.path()) {
      case "/tunnel", "h:1" ->
          request
              .toNetSocket()
              .onSuccess(socket -> socket.handler(bytes -> socket.write("<" + bytes + ">")));
      case "/never" -> {}
      case "h:2" -> request.response().setStatusCode(403).end("no");
      default ->
          request
              .body()
              .onSuccess(body -> request.response().end(request.uri() + "=" + body.length() + ";"));
    }
  }

  static Stream<Arguments> bad() {
    Map<String, Reason> heads =
        Map.ofEntries(
            Map.entry(
                post("Content-Length: 3\r\nTransfer-Encoding: chunked"),
                Reason.LENGTH_AND_ENCODING),
            Map.entry(post("Content-Length: 3\r\nContent-Length: 4"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length: 3\r\nContent-Length: 3"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length: 3, 3"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length: +3"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length: -3"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length: 0x3"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length:"), Reason.CONTENT_LENGTH),
            Map.entry(post("Content-Length: 99999999999999999999"), Reason.CONTENT_LENGTH),
            Map.entry(post("Transfer-Encoding: gzip, chunked"), Reason.TRANSFER_ENCODING),
            Map.entry(post("Transfer-Encoding: identity"), Reason.TRANSFER_ENCODING),
            Map.entry(post("Transfer-Encoding: xchunked"), Reason.TRANSFER_ENCODING),
            Map.entry(
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                Reason.TRANSFER_ENCODING),
            Map.entry(
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", Reason.TRANSFER_ENCODING),
            Map.entry(get("A: b\r\n c"), Reason.FOLDED_HEADER),
            Map.entry(get("A: b\r\n\tc"), Reason.FOLDED_HEADER),
            Map.entry(" A: b", Reason.REQUEST_LINE),
            Map.entry(get("A: b\rc"), Reason.BARE_CR),
            Map.entry(get("A: b\nB: c"), Reason.BARE_LF),
            Map.entry("GET / HTTP/1.1\nHost: h\n\n", Reason.BARE_LF),
            Map.entry(get("A: b\0c"), Reason.CONTROL_CHARACTER),
            Map.entry(get("A: b\u0001c"), Reason.CONTROL_CHARACTER),
            Map.entry(get("A\0: b"), Reason.CONTROL_CHARACTER),
            Map.entry("GET /\u007f HTTP/1.1\r\nHost: h\r\n\r\n", Reason.CONTROL_CHARACTER),
            Map.entry(get("A : b"), Reason.SPACE_BEFORE_COLON),
            Map.entry(get("A\t: b"), Reason.SPACE_BEFORE_COLON),
            Map.entry(get("A b: c"), Reason.HEADER_NAME),
            Map.entry(get("nocolon"), Reason.HEADER_NAME),
            Map.entry(get(": b"), Reason.HEADER_NAME),
            Map.entry(get("(a): b"), Reason.HEADER_NAME),
            Map.entry(get("Sec-WebSocket-Key1: x\r\nSec-WebSocket-Key2: y"), Reason.HEADER_NAME),
            Map.entry("GET / HTTP/1.1\r\n\r\n", Reason.HOST),
            Map.entry(get("Host: other"), Reason.HOST),
            Map.entry("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", Reason.HOST),
            Map.entry("GET / HTTP/2.0\r\nHost: h\r\n\r\n", Reason.REQUEST_LINE),
            Map.entry("GET /  HTTP/1.1\r\nHost: h\r\n\r\n", Reason.REQUEST_LINE),
            Map.entry("GET /\tx HTTP/1.1\r\nHost: h\r\n\r\n", Reason.REQUEST_LINE),
            Map.entry("G(T / HTTP/1.1\r\nHost: h\r\n\r\n", Reason.REQUEST_LINE),
            Map.entry(
                "CONNECT h:1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n",
                Reason.CONTENT_LENGTH),
            Map.entry(
                "CONNECT h:1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
                Reason.TRANSFER_ENCODING),
            Map.entry(get("X: y\r\n".repeat(99) + "X: y"), Reason.TOO_MANY_HEADERS),
            Map.entry(get("X: " + "y".repeat(17_000)), Reason.TOO_LARGE),
            Map.entry("GET /" + "y".repeat(17_000), Reason.TOO_LARGE));
    return heads.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  static Stream<Arguments> badChunks() {
    return Stream.of(
            "-5",
            "+5",
            "0x5",
            "5 ",
            " 5",
            "g",
            "",
            ";x",
            "5;a\u0001b",
            "80000000",
            "fffffffffffffffff",
            "5" + " ".repeat(2000))
        .map(size ->
            Arguments.of(post("Transfer-Encoding: chunked") + size + "\r\nhello\r\n0\r\n\r\n"));
  }

  private static String get(String header) {
    return "GET / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n";
  }

  private static String post(String header) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n";
  }

  private static String exchange(HttpServer server, String... pieces) throws IOException {
    try (Socket socket = Peer.connect(server.actualPort())) {
      try {
        for (String piece : pieces) {
          Peer.write(socket, piece);
        }
        socket.shutdownOutput();
      } catch (SocketException cut) {
        // a server that refuses need not wait for the rest
      }
      return Peer.readAll(socket);
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesABadHeadWith400AndSaysWhy(String head, Reason reason) throws Exception {
    REFUSED.clear();

    String answer = exchange(guarded, head, OK);

    assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("/ok");
    assertThat(REFUSED.poll(2, TimeUnit.SECONDS)).isEqualTo(reason);
    assertThat(REFUSED).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET / HTTP/1.1\r\nHo", OK + "GET /next HTTP/1.1\r\n"})
  void refusesAHeadThatDoesNotComeToItsEndInTime(String part) throws Exception {
    REFUSED.clear();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), guarded.actualPort())) {
      socket.getOutputStream().write(part.getBytes(ISO_8859_1));
      String answer = Peer.readAll(socket);
      assertThat(answer).contains("HTTP/1.1 400");
      assertThat(answer.startsWith("HTTP/1.1 200")).isEqualTo(part.startsWith(OK));
    }
    assertThat(REFUSED.poll(2, TimeUnit.SECONDS)).isEqualTo(Reason.TOO_SLOW);
  }

  @Test
  void letsGoOfWhoSaysNothing() throws Exception {
    REFUSED.clear();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), guarded.actualPort())) {
      assertThat(Peer.readAll(socket)).isEmpty();
    }
    assertThat(REFUSED).isEmpty();
  }

  @Test
  void aBodyMayTakeLongerThanAHead() throws Exception {
    REFUSED.clear();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), guarded.actualPort());
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), guarded.actualPort())) {
      String head = "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      // the time for a head is over when the other one, which came later, is let go
      assertThat(Peer.readAll(silent)).isEmpty();
      socket.getOutputStream().write("b".getBytes(ISO_8859_1));
      socket.shutdownOutput();
      assertThat(Peer.readAll(socket)).contains("/body=2;");
    }
  }

  /** Should Vert.x learn to refuse these one day, the guard may become smaller. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: other\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n",
        "GET /  HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\u007f HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "CONNECT h:1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n",
      })
  void addsWhatVertxAloneLetsThrough(String head) throws Exception {
    assertThat(exchange(bare, head)).contains(" 200 OK");
  }

  @ParameterizedTest
  @MethodSource("badChunks")
  void refusesABadChunk(String request) throws Exception {
    REFUSED.clear();

    String answer = exchange(guarded, request, OK);

    assertThat(answer).doesNotContain("/ok").doesNotContain("200");
    assertThat(REFUSED.poll(2, TimeUnit.SECONDS)).isEqualTo(Reason.CHUNK);
  }

  @Test
  void letsGoodRequestsThroughHoweverTheyAreCut() throws Exception {
    String chunked =
        post("Transfer-Encoding: CHUNKED")
            + "5;x=\"y\"\r\nhello\r\n00a\r\n0123456789\r\n0\r\nT: v\r\n\r\n";
    String all =
        "\r\n"
            + OK
            + post("Content-Length: 5")
            + "hello"
            + chunked
            + OK
            + "GET /old HTTP/1.0\r\nConnection: close\r\n\r\n";

    String whole = exchange(guarded, all);
    String cut = exchange(guarded, all.split(""));

    assertThat(whole).contains("/ok=0;", "/=5;", "/=15;", "/old=0;");
    assertThat(whole.split(" 200 OK", -1)).hasSize(6);
    assertThat(cut.split(" 200 OK", -1)).hasSize(6);
  }

  @Test
  void answersTheGoodOnesBeforeABadOne() throws Exception {
    String answer = exchange(guarded, OK + OK + get("A : b") + OK);

    assertThat(answer.split("/ok=0;", -1)).hasSize(3);
    assertThat(answer).contains("HTTP/1.1 400");
    assertThat(answer.indexOf("400")).isGreaterThan(answer.lastIndexOf("/ok"));
  }

  @Test
  void holdsBackWhatFollowsAConnectUntilItIsAnswered() throws Exception {
    try (Socket socket = Peer.connect(guarded.actualPort())) {
      Peer.write(socket, "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n\u0016\u0003early");

      assertThat(Peer.readHead(socket)).startsWith("HTTP/1.1 200");
      assertThat(new String(socket.getInputStream().readNBytes(9), ISO_8859_1))
          .isEqualTo("<\u0016\u0003early>");
      Peer.write(socket, "\0late");
      assertThat(new String(socket.getInputStream().readNBytes(7), ISO_8859_1))
          .isEqualTo("<\0late>");
    }
  }

  @Test
  void guardsTheNextRequestAfterARefusedConnect() throws Exception {
    REFUSED.clear();

    String answer =
        exchange(guarded, "CONNECT h:2 HTTP/1.1\r\nHost: h:2\r\n\r\n", OK + get("A : b"));

    assertThat(answer).contains("403", "/ok=0;", "400");
    assertThat(REFUSED.poll(2, TimeUnit.SECONDS)).isEqualTo(Reason.SPACE_BEFORE_COLON);
  }

  @Test
  void letsAnUpgradeThrough() throws Exception {
    try (Socket socket = Peer.connect(guarded.actualPort())) {
      Peer.write(
          socket, "GET /tunnel HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      assertThat(Peer.readHead(socket)).startsWith("HTTP/1.1 ");

      Peer.write(socket, "\r\r\nraw");

      assertThat(new String(socket.getInputStream().readNBytes(8), ISO_8859_1))
          .isEqualTo("<\r\r\nraw>");
    }
  }

  @Test
  void refusesALongTrailerAndABadOne() throws Exception {
    String start = post("Transfer-Encoding: chunked") + "0\r\n";

    for (String trailer :
        List.of("A : b\r\n\r\n", "A: b\n\r\n", "A: " + "b".repeat(17_000), " x: y\r\n\r\n")) {
      REFUSED.clear();
      assertThat(exchange(guarded, start + trailer + OK))
          .doesNotContain("/ok")
          .doesNotContain("200");
      assertThat(REFUSED.poll(2, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void cutsWhoSendsTooMuchAheadOfAnAnswer() throws Exception {
    REFUSED.clear();
    String request = "GET /never HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nContent-Length: 0\r\n\r\n";

    assertThat(exchange(guarded, request + "x".repeat(200_000))).isEmpty();

    assertThat(REFUSED.poll(2, TimeUnit.SECONDS)).isEqualTo(Reason.TOO_EARLY);
  }
}
