package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AnswerTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private Client.Response get(Reply reply, String... headers) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(reply));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    return Raw.send(harness.client(), origin.uri("/"), headers);
  }

  @ParameterizedTest
  @EnumSource
  void chunksArriveThroughEveryKindOfProxy(Kind kind) throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.status(200).chunked(Duration.ZERO, "one ", "two ", "six")));
    harness.upstream(kind);
    harness.start();
    Client.Response response = harness.client().get(origin.uri("/"));
    assertThat(response.body()).isEqualTo("one two six");
    assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(response.header("Content-Length")).isEmpty();
  }

  @Test
  void aBodyThatEndsWithTheConnectionArrives() throws Exception {
    Client.Response response = get(Reply.ok("until the end").untilClose());
    assertThat(response.body()).isEqualTo("until the end");
  }

  @Test
  void aKnownLengthIsKept() throws Exception {
    Client.Response response = get(Reply.ok("12345"));
    assertThat(response.header("Content-Length")).isEqualTo("5");
    assertThat(response.header("Transfer-Encoding")).isEmpty();
  }

  @Test
  void trailersArriveAfterTheBody() throws Exception {
    Client.Response response =
        get(
            Reply.raw(
                String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "Transfer-Encoding: chunked",
                    "Trailer: X-Sum",
                    "",
                    "5",
                    "hello",
                    "0",
                    "X-Sum: 42",
                    "",
                    "")),
            "TE: trailers",
            "Connection: TE");
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.header("trailer: x-sum")).isEmpty();
    assertThat(response.headers()).containsEntry("trailer: X-Sum", "X-Sum: 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void someStatusesHaveNoBody(int status) throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.status(status).header("ETag", "x"), Reply.ok("next")));
    harness.upstream(Kind.HTTP);
    harness.start();
    try (Socket socket = harness.client().open(Raw.get(origin.uri("/")))) {
      Client.Response response = Client.read(socket, "GET");
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.header("ETag")).isEqualTo("x");
      Client.write(socket, Raw.get(origin.uri("/")));
      assertThat(Client.read(socket, "GET").body()).isEqualTo("next");
    }
  }

  @Test
  void anAnswerToHeadKeepsItsLengthAndHasNoBody() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("a body of 20 letters")));
    harness.upstream(Kind.HTTP);
    harness.start();
    try (Socket socket =
        harness
            .client()
            .open(Raw.request("HEAD", origin.uri("/"), "") + Raw.get(origin.uri("/")))) {
      assertThat(Client.read(socket, "HEAD").header("Content-Length")).isEqualTo("20");
      assertThat(Client.read(socket, "GET").body()).isEqualTo("a body of 20 letters");
    }
  }

  @Test
  void interimAnswersEndHere() throws Exception {
    Client.Response response =
        get(
            Reply.raw(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("ok");
  }

  @Test
  void anInterimAnswerThatNobodyKnowsIsNoAnswer() throws Exception {
    Client.Response response =
        get(
            Reply.raw(
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assertThat(response.status()).isEqualTo(502);
  }

  @Test
  void severalCookiesAreKeptApart() throws Exception {
    Client.Response response =
        get(Reply.ok("x").header("Set-Cookie", "a=1; Path=/").header("Set-Cookie", "b=2"));
    assertThat(response.header("Set-Cookie")).isEqualTo("a=1; Path=/\nb=2");
  }

  @Test
  void headersForOneHopGoNoFurtherInEitherDirection() throws Exception {
    FaultyOrigin origin =
        harness.origin(
            Script.of(
                Reply.ok("x")
                    .header("Connection", "X-Secret")
                    .header("X-Secret", "1")
                    .header("Keep-Alive", "timeout=5")
                    .header("Proxy-Authenticate", "Basic")
                    .header("X-Kept", "yes")));
    harness.upstream(Kind.SOCKS5);
    harness.start();

    Client.Response response =
        Raw.send(
            harness.client(),
            origin.uri("/"),
            "Connection: keep-alive, X-Mine",
            "X-Mine: 1",
            "Keep-Alive: 300",
            "Proxy-Connection: keep-alive",
            "TE: gzip",
            "X-Yours: 1",
            Raw.basic("ann", "secret"));

    assertThat(response.headers())
        .doesNotContainKeys("x-secret", "keep-alive", "connection", "proxy-authenticate")
        .containsEntry("x-kept", "yes");
    var seen = origin.requests().getFirst();
    for (String gone :
        new String[] {
          "X-Mine", "Keep-Alive", "Proxy-Connection", "TE", "Proxy-Authorization", "Connection"
        }) {
      assertThat(seen.header(gone)).describedAs(gone).isEmpty();
    }
    assertThat(seen.header("X-Yours")).contains("1");
  }

  @Test
  void theCredentialsOfTheClientAreReplacedByOurs() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
    FaultyProxy plain = harness.upstream(Kind.HTTP);
    harness.start();
    assertThat(Raw.send(harness.client(), origin.uri("/"), Raw.basic("ann", "s")).status())
        .isEqualTo(200);
    assertThat(plain.users()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatBreaksOffNeverLooksWhole(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("0123456789").truncatedAfter(4)));
    harness.upstream(kind);
    harness.start();
    assertThatThrownBy(() -> harness.client().get(origin.uri("/"))).isInstanceOf(IOException.class);
    origin.behave(
        Script.of(Reply.status(200).chunked(Duration.ZERO, "0123", "4567").truncatedAfter(4)));
    assertThatThrownBy(() -> harness.client().get(origin.uri("/"))).isInstanceOf(IOException.class);
    harness.awaitQuiet();
  }

  @Test
  void aBodyOfUnknownLengthThatIsResetNeverLooksWhole() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x".repeat(50_000)).untilClose()));
    harness.upstream(Kind.SOCKS5, Script.of(Behaviour.forward().resetAfter(5_000)));
    harness.start();
    assertThatThrownBy(() -> harness.client().get(origin.uri("/")))
        .isInstanceOfAny(IOException.class, SocketException.class);
  }

  @Test
  void whatComesAfterAnAnswerIsNotTheNextOne() throws Exception {
    String one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    try (HeadServer origin = HeadServer.answering(one + one.replace("ok", "no"))) {
      harness.upstream(Kind.SOCKS5);
      harness.start();
      URI uri = URI.create("http://127.0.0.1:" + origin.port() + "/");
      for (int i = 0; i < 5; i++) {
        assertThat(harness.client().get(uri).body()).isEqualTo("ok");
      }
    }
  }

  @Test
  void anOldClientGetsABodyThatEndsWithTheConnection() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.status(200).chunked(Duration.ZERO, "one ", "two")));
    harness.upstream(Kind.HTTP);
    harness.start();
    String answer = harness.client().raw("GET " + origin.uri("/") + " HTTP/1.0\r\n\r\n");
    assertThat(answer).contains("200 OK").endsWith("\r\n\r\none two");
    assertThat(answer.toLowerCase(java.util.Locale.ROOT)).doesNotContain("transfer-encoding");
  }

  @Test
  void aSlowReaderHoldsTheUpstreamBackInsteadOfFillingMemory() throws Exception {
    int size = 200 << 20;
    try (EndlessServer origin = new EndlessServer(size)) {
      harness.upstream(Kind.SOCKS5);
      harness.start();
      URI uri = URI.create("http://127.0.0.1:" + origin.port() + "/");
      try (Socket socket = harness.client().open(Raw.get(uri))) {
        long sent = origin.awaitStall();
        // what the kernel and a few buffers on the way take: far from everything
        assertThat(sent).isLessThan(size / 4);
        long read = 0;
        byte[] bytes = new byte[1 << 16];
        while (read < size) {
          int count = socket.getInputStream().read(bytes);
          assertThat(count).isPositive();
          read += count;
        }
      }
    }
    harness.awaitQuiet();
  }
}
