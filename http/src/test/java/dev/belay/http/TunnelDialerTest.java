package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.http.DialException.Phase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PfxOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelDialerTest {
  private static final Duration LONG = Duration.ofSeconds(8);
  private static final Duration SHORT = Duration.ofMillis(150);
  private static Vertx vertx;
  private static TunnelDialer dialer;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    dialer = new TunnelDialer(vertx, new VirtualTime());
  }

  @AfterAll
  static void stop() {
    Waits.get(dialer.close());
    Waits.get(vertx.close());
  }

  private static ProxyAddress at(String scheme, Peer peer) {
    return ProxyAddress.parse(scheme + "127.0.0.1:" + peer.port());
  }

  private static DialException failure(ProxyAddress proxy, Duration limit) {
    return Waits.failure(
        dialer.dial(proxy, "target.example", 443, limit).tunnel(), DialException.class);
  }

  private static DialException answered(String scheme, String answer) throws IOException {
    try (Peer peer =
        new Peer(socket -> {
          assertThat(socket.getInputStream().read()).isNotNegative();
          Peer.write(socket, answer);
          socket.shutdownOutput();
          assertThat(Peer.readAll(socket)).isNotNull();
        })) {
      DialException failure = failure(at(scheme, peer), LONG);
      assertThat(peer.accepted()).isEqualTo(1);
      assertThat(failure).hasMessageNotContaining("secret");
      assertThat(failure.getStackTrace()).isEmpty();
      return failure;
    }
  }

  /** Reads {@code length} bytes from the tunnel after letting it go on. */
  private static String read(Tunnel tunnel, int length) {
    Promise<String> promise = Promise.promise();
    Buffer all = Buffer.buffer();
    tunnel
        .socket()
        .handler(bytes -> {
          all.appendBuffer(bytes);
          if (all.length() >= length) {
            promise.tryComplete(all.toString(StandardCharsets.ISO_8859_1));
          }
        });
    tunnel.resume();
    return Waits.get(promise.future());
  }

  @Test
  void opensAnHttpTunnelAndDeliversWhatCameWithTheAnswerFirst() throws Exception {
    var heads = new LinkedBlockingQueue<String>();
    try (Peer peer =
        new Peer(socket -> {
          heads.add(Peer.readHead(socket));
          Peer.write(socket, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nA: b\r\n\r\nfirst");
          Peer.write(
              socket, new String(socket.getInputStream().readNBytes(4), StandardCharsets.UTF_8));
        })) {
      ProxyAddress proxy = at("http://us%40er:p%40s:s%25@", peer);

      Tunnel tunnel = Waits.get(dialer.dial(proxy, "2001:db8::1", 443, LONG).tunnel());
      Waits.get(tunnel.socket().write("ping"));

      assertThat(read(tunnel, 9)).isEqualTo("firstping");
      String login =
          Base64.getEncoder().encodeToString("us@er:p@s:s%".getBytes(StandardCharsets.UTF_8));
      assertThat(heads.take())
          .startsWith("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n")
          .contains("Proxy-Authorization: Basic " + login + "\r\n");
      assertThat(tunnel.proxy()).isEqualTo(proxy);
      Waits.get(tunnel.close());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "407, RETRY, AUTH, ENDPOINT, 0",
    "403, RETRY, STATUS, UNKNOWN, 0",
    "404, RETRY, STATUS, ENDPOINT, 0",
    "400, RETRY, STATUS, ENDPOINT, 0",
    "500, RETRY, STATUS, ENDPOINT, 0",
    "302, RETRY, STATUS, ENDPOINT, 0",
    "429, THROTTLED, THROTTLED, UNKNOWN, 7",
    "502, RETRY, STATUS, UNKNOWN, 7",
    "503, RETRY, STATUS, UNKNOWN, 7",
    "504, RETRY, STATUS, UNKNOWN, 7",
  })
  void tellsWhoseFaultARefusalIs(
      int status, Verdict.Kind kind, ErrorClass errorClass, Blame blame, long wait)
      throws Exception {
    DialException failure =
        answered(
            "http://user:secret@",
            "HTTP/1.1 " + status + " No\r\nRetry-After: " + wait + "\r\nX: y\r\n\r\nbody");

    assertThat(failure.phase()).isEqualTo(Phase.HANDSHAKE);
    assertThat(failure.status()).hasValue(status);
    assertThat(failure.headers().get("x")).isEqualTo("y");
    assertThat(failure.verdict().kind()).isEqualTo(kind);
    assertThat(failure.verdict().errorClass()).isEqualTo(errorClass);
    assertThat(failure.verdict().blame()).isEqualTo(blame);
    assertThat(failure.verdict().hint().after()).isEqualTo(Duration.ofSeconds(wait));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n",
        "HTTP/1.1 200\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n a: folded\r\n\r\n",
        "\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n",
        "HTTP/1.1 099 x\r\n\r\n",
        "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n",
      })
  void takesGarbageForTheProxysFault(String garbage) throws Exception {
    DialException failure = answered("http://u:secret@", garbage);

    assertThat(failure.verdict())
        .isEqualTo(Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT).withNothingSent());
    assertThat(failure.status()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nA: b\r\n"})
  void takesHalfAnAnswerForTheProxysFault(String half) throws Exception {
    assertThat(answered("http://", half).verdict())
        .isEqualTo(Verdict.retry(ErrorClass.RESET, Blame.ENDPOINT).withNothingSent());
  }

  @Test
  void boundsTheAnswer() throws Exception {
    assertThat(answered("http://", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(101) + "\r\n"))
        .hasMessageContaining("100 headers");
    assertThat(answered("http://", "HTTP/1.1 200 OK\r\nA: " + "b".repeat(20_000) + "\r\n\r\n"))
        .hasMessageContaining("16 KB");
    assertThat(answered("http://", "HTTP/1.1 100 Go on\r\n\r\n".repeat(1000)))
        .hasMessageContaining("16 KB");
  }

  @Test
  void opensASocks5TunnelByNameWithALogin() throws Exception {
    var seen = new LinkedBlockingQueue<String>();
    try (Peer peer =
        new Peer(socket -> {
          var in = new DataInputStream(socket.getInputStream());
          seen.add(hex(in, 4));
          hexOut(socket, "0502");
          seen.add(hex(in, 1 + 1 + 1 + 1 + 5));
          hexOut(socket, "0100");
          seen.add(hex(in, 5 + 14 + 2));
          hexOut(
              socket,
              "050000030161"
                  + "0050"
                  + HexFormat.of().formatHex("early".getBytes(StandardCharsets.UTF_8)));
          assertThat(in.read()).isNegative();
        })) {
      ProxyAddress proxy = at("socks5h://u:p%40s:%25@", peer);

      Tunnel tunnel = Waits.get(dialer.dial(proxy, "target.example", 443, LONG).tunnel());

      assertThat(read(tunnel, 5)).isEqualTo("early");
      assertThat(seen.take()).isEqualTo("05020002");
      assertThat(seen.take()).isEqualTo("010175" + "05" + "7040733a25");
      assertThat(seen.take())
          .isEqualTo(
              "050100030e"
                  + HexFormat.of().formatHex("target.example".getBytes(StandardCharsets.UTF_8))
                  + "01bb");
      Waits.get(tunnel.close());
    }
  }

  private static String hex(DataInputStream in, int length) throws IOException {
    return HexFormat.of().formatHex(in.readNBytes(length));
  }

  private static void hexOut(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "socks5://, 127.0.0.1, 05010001 7f000001 01bb, 050000047f00000100000000000000000000000000bb",
    "socks5://, localhost, 05010001 7f000001 01bb, 050000017f00000100bb",
    "socks5h://, 2001:db8::1, 05010004 20010db8000000000000000000000001 01bb, 050000017f00000100bb",
  })
  void sendsAnAddressOverSocks5(String scheme, String host, String request, String reply)
      throws Exception {
    String expected = request.replace(" ", "");
    try (Peer peer =
        new Peer(socket -> {
          var in = new DataInputStream(socket.getInputStream());
          assertThat(hex(in, 3)).isEqualTo("050100");
          hexOut(socket, "0500");
          if (hex(in, expected.length() / 2).equals(expected)) {
            for (byte b : HexFormat.of().parseHex(reply + "78")) {
              socket.getOutputStream().write(b); // one at a time
            }
          }
          assertThat(in.read()).isNegative();
        })) {
      Tunnel tunnel = Waits.get(dialer.dial(at(scheme, peer), host, 443, LONG).tunnel());

      assertThat(read(tunnel, 1)).isEqualTo("x");
      Waits.get(tunnel.close());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "socks4://user@, 127.0.0.1, 040101bb 7f000001 7573657200",
    "socks4a://, 127.0.0.1, 040101bb 7f000001 00",
    "socks4a://, a.b, 040101bb 00000001 00 612e6200",
  })
  void opensASocks4Tunnel(String scheme, String host, String request) throws Exception {
    String expected = request.replace(" ", "");
    try (Peer peer =
        new Peer(socket -> {
          var in = new DataInputStream(socket.getInputStream());
          if (hex(in, expected.length() / 2).equals(expected)) {
            hexOut(socket, "005a000000000000" + "78");
          }
          assertThat(in.read()).isNegative();
        })) {
      Tunnel tunnel = Waits.get(dialer.dial(at(scheme, peer), host, 443, LONG).tunnel());

      assertThat(read(tunnel, 1)).isEqualTo("x");
      Waits.get(tunnel.close());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "socks5h://, 0500 0501, STATUS, ENDPOINT",
    "socks5h://, 0500 0502, STATUS, UNKNOWN",
    "socks5h://, 0500 0503, CONNECT, UNKNOWN",
    "socks5h://, 0500 0504, CONNECT, UNKNOWN",
    "socks5h://, 0500 0505, CONNECT, UNKNOWN",
    "socks5h://, 0500 0506, CONNECT, UNKNOWN",
    "socks5h://, 0500 0507, STATUS, ENDPOINT",
    "socks5h://, 0500 0508, STATUS, ENDPOINT",
    "socks5h://, 0500 0509, PROTOCOL, ENDPOINT",
    "socks5h://, 0500 050000090000, PROTOCOL, ENDPOINT",
    "socks5h://, 0500 0600, PROTOCOL, ENDPOINT",
    "socks5h://, 0500 0500, RESET, ENDPOINT",
    "socks5h://, 05ff, AUTH, ENDPOINT",
    "socks5h://, 0502, PROTOCOL, ENDPOINT",
    "socks5h://, 4854, PROTOCOL, ENDPOINT",
    "socks5h://u:secret@, 0502 0101, AUTH, ENDPOINT",
    "socks5h://u:secret@, 0502 0900, PROTOCOL, ENDPOINT",
    "socks5h://u:secret@, 0501, PROTOCOL, ENDPOINT",
    "socks5h://u:secret@, 05ff, AUTH, ENDPOINT",
    "socks4a://, 005b, STATUS, UNKNOWN",
    "socks4a://, 005c, AUTH, ENDPOINT",
    "socks4a://, 005d, AUTH, ENDPOINT",
    "socks4a://, 0000, PROTOCOL, ENDPOINT",
    "socks4a://, 4854, PROTOCOL, ENDPOINT",
    "socks4a://, 005a00, RESET, ENDPOINT",
  })
  void tellsWhoseFaultASocksReplyIs(String scheme, String reply, ErrorClass errorClass, Blame blame)
      throws Exception {
    byte[] bytes = HexFormat.of().parseHex(reply.replace(" ", ""));

    DialException failure = answered(scheme, new String(bytes, StandardCharsets.ISO_8859_1));

    assertThat(failure.verdict()).isEqualTo(Verdict.retry(errorClass, blame).withNothingSent());
    assertThat(failure.phase()).isEqualTo(Phase.HANDSHAKE);
  }

  @Test
  void blamesTheProxyThatCannotBeReached() throws Exception {
    ProxyAddress refused;
    try (ServerSocket nobody = Peer.listen()) {
      refused = ProxyAddress.parse("http://u:secret@127.0.0.1:" + nobody.getLocalPort());
    }

    assertThat(failure(refused, LONG))
        .returns(Phase.CONNECT, DialException::phase)
        .returns(
            Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT).withNothingSent(),
            DialException::verdict)
        .hasMessageNotContaining("secret");
    assertThat(failure(ProxyAddress.parse("http://no.such.name.invalid:1"), LONG))
        .returns(Phase.RESOLVE_PROXY, DialException::phase)
        .returns(
            Verdict.retry(ErrorClass.DNS, Blame.ENDPOINT).withNothingSent(),
            DialException::verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "http://, HANDSHAKE, TIMEOUT, UNKNOWN", // the proxy knows the target and may wait for it
    "socks4a://, HANDSHAKE, TIMEOUT, UNKNOWN",
    "socks5h://, HANDSHAKE, TIMEOUT, ENDPOINT", // it did not even greet
    "https://, TLS, TLS, ENDPOINT"
  })
  void givesUpWhenTheLimitIsOver(String scheme, Phase phase, ErrorClass errorClass, Blame blame)
      throws Exception {
    try (Peer peer =
        new Peer(socket ->
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream()))) {
      DialException failure = failure(at(scheme, peer), SHORT);

      assertThat(failure.phase()).isEqualTo(phase);
      assertThat(failure.verdict()).isEqualTo(Verdict.retry(errorClass, blame).withNothingSent());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "https://"})
  void closesTheConnectionWhenCancelled(String scheme) throws Exception {
    var asked = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    try (Peer peer =
        new Peer(socket -> {
          assertThat(socket.getInputStream().read()).isNotNegative();
          asked.countDown();
          Peer.readAll(socket);
          closed.countDown();
        })) {
      Dial dial = dialer.dial(at(scheme, peer), "t", 1, LONG);
      assertThat(asked.await(8, TimeUnit.SECONDS)).isTrue();

      dial.cancel();
      dial.cancel();

      assertThat(Waits.failure(dial.tunnel(), DialException.class).verdict())
          .isEqualTo(Verdict.CANCELLED.withNothingSent());
      assertThat(closed.await(8, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void canBeCancelledBeforeItConnects() throws Exception {
    try (Peer peer = new Peer(Peer::readAll)) {
      Dial dial = dialer.dial(at("http://", peer), "t", 1, LONG);
      dial.cancel();

      assertThat(Waits.failure(dial.tunnel(), DialException.class).verdict())
          .isEqualTo(Verdict.CANCELLED.withNothingSent());
    }
  }

  @Test
  void neverGoesToTheTargetItself() throws Exception {
    try (Peer target = new Peer(Peer::readAll);
        Peer proxy = new Peer(socket -> {})) {
      for (String scheme :
          new String[] {
            "http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://"
          }) {
        Future<Tunnel> tunnel =
            dialer.dial(at(scheme, proxy), "127.0.0.1", target.port(), LONG).tunnel();
        assertThat(Waits.failure(tunnel, DialException.class).verdict().blame())
            .isEqualTo(Blame.ENDPOINT);
      }
      assertThat(proxy.accepted()).isEqualTo(6);
      assertThat(target.accepted()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\r\nX: y", "", "[::1]", "a/b", "a@b"})
  void refusesAMalformedTarget(String host) throws Exception {
    try (Peer peer = new Peer(Peer::readAll)) {
      assertThat(
              Waits.failure(
                      dialer.dial(at("http://", peer), host, 1, LONG).tunnel(), DialException.class)
                  .verdict())
          .isEqualTo(Verdict.permanent(ErrorClass.REJECTED, Blame.CALLER).withNothingSent());
      assertThat(peer.accepted()).isZero();
    }
  }

  @Test
  void tellsOfATargetThatItsProxyCannotServe() throws Exception {
    try (Peer peer = new Peer(Peer::readAll)) {
      assertThat(
              Waits.failure(
                      dialer.dial(at("socks4://", peer), "::1", 1, LONG).tunnel(),
                      DialException.class)
                  .verdict())
          .isEqualTo(Verdict.retry(ErrorClass.REJECTED, Blame.CALLER).withNothingSent());
      assertThat(
              Waits.failure(
                  dialer.dial(at("socks5://", peer), "no.such.name.invalid", 1, LONG).tunnel(),
                  DialException.class))
          .returns(Phase.RESOLVE_TARGET, DialException::phase)
          .returns(
              Verdict.retry(ErrorClass.DNS, Blame.TARGET).withNothingSent(),
              DialException::verdict);
      assertThatThrownBy(() -> dialer.dial(at("http://", peer), "t", 1, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void verifiesTheCertificateOfAnHttpsProxy(@TempDir Path directory) throws Exception {
    PfxOptions key = Certificates.forHost("localhost", directory);
    try (Peer peer =
        new Peer(
            Certificates.listen(key),
            socket -> {
              Peer.readHead(socket);
              Peer.write(socket, "HTTP/1.1 200 OK\r\n\r\nhello");
              Peer.readAll(socket);
            })) {
      ProxyAddress named = ProxyAddress.parse("https://localhost:" + peer.port());
      var trusting =
          new TunnelDialer(vertx, new VirtualTime(), new ClientSSLOptions().setTrustOptions(key));

      Tunnel tunnel = Waits.get(trusting.dial(named, "t", 1, LONG).tunnel());
      assertThat(read(tunnel, 5)).isEqualTo("hello");

      DialException wrongName =
          Waits.failure(
              trusting.dial(at("https://", peer), "t", 1, LONG).tunnel(), DialException.class);
      DialException untrusted = failure(named, LONG);
      for (DialException failure : Arrays.asList(wrongName, untrusted)) {
        assertThat(failure.phase()).isEqualTo(Phase.TLS);
        assertThat(failure.verdict())
            .isEqualTo(Verdict.retry(ErrorClass.TLS, Blame.ENDPOINT).withNothingSent());
      }
      Waits.get(trusting.close());
    }
  }

  @Test
  void tellsTheSocketOfTheEndAfterTheTunnelWasResumed() throws Exception {
    try (Peer peer =
        new Peer(socket -> {
          Peer.readHead(socket);
          Peer.write(socket, "HTTP/1.1 200 OK\r\n\r\nbye");
        })) {
      Tunnel tunnel = Waits.get(dialer.dial(at("http://", peer), "t", 1, LONG).tunnel());
      Promise<Void> closed = Promise.promise();
      tunnel.socket().closeHandler(none -> closed.complete());

      assertThat(read(tunnel, 3)).isEqualTo("bye");
      Waits.get(closed.future());
    }
  }
}
