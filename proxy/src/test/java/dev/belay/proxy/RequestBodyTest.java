package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.RetryPolicy;
import dev.belay.http.ReplayBody;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RequestBodyTest {
  private static final int IN_MEMORY = 4_000;
  private static final int IN_ALL = 400_000;

  @TempDir Path directory;
  private final ProxyHarness harness = new ProxyHarness();

  @BeforeEach
  void keepLittle() {
    harness.limits(limits ->
        new ProxySettings.Limits(
            limits.connections(),
            limits.connectionsPerClient(),
            limits.upstreamConnections(),
            limits.head(),
            new ReplayBody.Limits(IN_MEMORY, IN_ALL, directory)));
    harness.policy(
        RetryPolicy.named("bold")
            .maxAttempts(3)
            .retryNonIdempotent(true)
            .backoff(dev.belay.Backoff.fixed(Duration.ofMillis(1)))
            .attemptTimeout(Duration.ofSeconds(5))
            .build());
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private static String length(String body) {
    return "Content-Length: " + body.length();
  }

  private static String chunks(String body, int size) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < body.length(); i += size) {
      String piece = body.substring(i, Math.min(body.length(), i + size));
      text.append(Integer.toHexString(piece.length())).append("\r\n").append(piece).append("\r\n");
    }
    return text + "0\r\n\r\n";
  }

  private Client.Response post(FaultyOrigin origin, String body, String... headers)
      throws IOException {
    String[] all =
        Stream.concat(Stream.of(length(body)), Stream.of(headers)).toArray(String[]::new);
    try (Socket socket = harness.client().open(Raw.request("POST", origin.uri("/up"), body, all))) {
      return Client.read(socket, "POST");
    }
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, IN_MEMORY, IN_MEMORY + 1, 100_000, IN_ALL, IN_ALL + 1, 3_000_000})
  void aBodyArrivesWholeWhateverItsSize(int size) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("got it")));
    harness.upstream(Kind.HTTP);
    harness.start();
    String body = "abcdefghij".repeat(size / 10 + 1).substring(0, size);

    assertThat(post(origin, body).body()).isEqualTo("got it");

    assertThat(origin.requests().getFirst().bodyText()).isEqualTo(body);
    assertThat(origin.requests().getFirst().header("Content-Length")).contains("" + size);
    assertThat(files()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"10, 3", "5000, 700", "500000, 9000"})
  void aChunkedBodyArrivesChunked(int size, int piece) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("got it")));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    String body = "abcdefghij".repeat(size / 10);
    String request =
        Raw.request("PUT", origin.uri("/"), chunks(body, piece), "Transfer-Encoding: chunked");

    try (Socket socket = harness.client().open(request)) {
      assertThat(Client.read(socket, "PUT").status()).isEqualTo(200);
    }

    assertThat(origin.requests().getFirst().bodyText()).isEqualTo(body);
    assertThat(origin.requests().getFirst().header("Transfer-Encoding")).contains("chunked");
    assertThat(origin.requests().getFirst().header("Content-Length")).isEmpty();
  }

  @Test
  void whoWaitsForLeaveToSendABodyGetsIt() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("got it")));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    String head =
        Raw.request("POST", origin.uri("/"), "", "Content-Length: 5", "Expect: 100-continue");
    try (Socket socket = harness.client().open(head)) {
      assertThat(Client.read(socket, "HEAD").status()).isEqualTo(100);
      Client.write(socket, "hello");
      assertThat(Client.read(socket, "POST").body()).isEqualTo("got it");
    }
    assertThat(origin.requests().getFirst().bodyText()).isEqualTo("hello");
    assertThat(origin.requests().getFirst().header("Expect")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 50_000})
  void aBodyIsSentAgainToAnotherProxyWhenOneIsDead(int size) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("got it")));
    FaultyProxy dead = harness.upstream(Kind.HTTP);
    harness.upstream(Kind.HTTP);
    dead.kill();
    harness.start();
    assertThat(post(origin, "x".repeat(size)).status()).isEqualTo(200);
    assertThat(origin.requests().getFirst().bodyLength()).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource({"POST, 100", "PUT, 100", "POST, 50000", "PUT, 50000"})
  void aPolicyMayRepeatABodyAfterAStatus(String method, int size) throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.status(503), Reply.reset(), Reply.ok("got it")));
    harness.upstream(Kind.SOCKS5);
    harness.upstream(Kind.SOCKS5);
    harness.start();
    String body = "y".repeat(size);
    String request =
        Raw.request(method, origin.uri("/"), body, length(body), "X-Belay-Policy: bold");

    try (Socket socket = harness.client().open(request)) {
      Client.Response response = Client.read(socket, method);
      assertThat(response.body()).isEqualTo("got it");
      assertThat(response.header("X-Belay-Attempts")).isEqualTo("3");
    }

    assertThat(origin.requests()).hasSize(3).allMatch(request2 -> request2.bodyLength() == size);
    assertThat(files()).isZero();
  }

  @Test
  void withoutSuchAPolicyTheStatusIsHandedBack() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503).body("full")));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    assertThat(post(origin, "once").body()).isEqualTo("full");
    assertThat(origin.requestCount()).isEqualTo(1);
  }

  @Test
  void aBodyTooLargeToKeepIsSentOnceAndItsLossIsSaid() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.reset()));
    harness.upstream(Kind.SOCKS5);
    harness.upstream(Kind.SOCKS5);
    harness.start();
    Client.Response response = post(origin, "z".repeat(2 * IN_ALL), "X-Belay-Policy: bold");
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.body()).contains("PROXY_FAILOVER_EXHAUSTED").contains("\"attempts\":1");
    assertThat(origin.requestCount()).isEqualTo(1);
    harness.awaitQuiet();
  }

  @Test
  void aBodyTooLargeToKeepStillMovesOnWhileNothingWasSent() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("got it")));
    FaultyProxy dead = harness.upstream(Kind.HTTP);
    harness.upstream(Kind.HTTP);
    dead.kill();
    harness.start();
    assertThat(post(origin, "z".repeat(2 * IN_ALL)).status()).isEqualTo(200);
  }

  @Test
  void aStatusForABodyTooLargeToKeepIsHandedBack() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503).body("full")));
    harness.upstream(Kind.SOCKS5);
    harness.upstream(Kind.SOCKS5);
    harness.start();
    Client.Response response = post(origin, "z".repeat(2 * IN_ALL), "X-Belay-Policy: bold");
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("full");
    assertThat(origin.requestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000", "Transfer-Encoding: chunked"})
  void aClientThatBreaksOffIsNobodysFault(String framing) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("never")));
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.start();
    String head = Raw.request("POST", origin.uri("/"), "", framing);
    String part = framing.startsWith("T") ? "5\r\nhello\r\n" : "hello";

    try (Socket socket = harness.client().open(head + part)) {
      assertThat(upstream.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      assertThat(socket.isConnected()).isTrue();
    }

    harness.awaitQuiet();
    assertThat(upstream.awaitIdle(Duration.ofSeconds(5))).isTrue();
    assertThat(origin.requestCount()).isZero();
    assertThat(harness.pool().upstreams().getFirst().breaker().snapshot().failureCount()).isZero();
    assertThat(harness.pool().upstreams().getFirst().stats().snapshot().failures()).isZero();
  }

  @Test
  void anAnswerThatComesBeforeTheBodyIsPassedOnAtOnce() throws Exception {
    String answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large";
    try (HeadServer origin = HeadServer.answering(answer)) {
      harness.upstream(Kind.SOCKS5);
      harness.start();
      URI uri = URI.create("http://127.0.0.1:" + origin.port() + "/");
      String head = Raw.request("POST", uri, "hello", "Content-Length: 1000000");
      try (Socket socket = harness.client().open(head)) {
        assertThat(Client.read(socket, "POST").body()).isEqualTo("too large");
      }
      harness.awaitQuiet();
    }
  }

  @Test
  void aBodyThatFollowsARefusalDoesNotHideIt() throws Exception {
    harness.start();
    Client.Response response =
        Raw.send(harness.client(), URI.create("http://x.test/"), "Content-Length: 0");
    assertThat(response.status()).isEqualTo(503);
    String body = "w".repeat(300_000);
    String request = Raw.request("POST", URI.create("http://x.test/"), body, length(body));
    assertThat(harness.client().raw(request)).startsWith("HTTP/1.1 503");
  }
}
