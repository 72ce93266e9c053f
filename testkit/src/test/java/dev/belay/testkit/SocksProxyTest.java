package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.FaultyProxy.Outcome;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SocksProxyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @RegisterExtension final FaultServers servers = new FaultServers();

  private final FaultyOrigin origin = servers.origin(Script.of(Reply.ok("hello")));

  private FaultyProxy proxy(Kind kind, Behaviour first, Behaviour... rest) {
    return servers.closing(
        FaultyProxy.builder(kind)
            .resolve("origin.test", origin.port())
            .start(Script.of(first, rest)));
  }

  private static void assertReaches(Peer peer) throws Exception {
    assertThat(peer.get("/").head()).startsWith("HTTP/1.1 200");
    assertThat(peer.read(5)).isEqualTo("hello");
  }

  @Nested
  class Version5 {

    private Peer greeted(FaultyProxy proxy) throws Exception {
      Peer peer = new Peer(proxy.port()).send(5, 1, 0);
      assertThat(peer.octets(2)).containsExactly(5, 0);
      return peer;
    }

    private Peer asked(FaultyProxy proxy) throws Exception {
      return greeted(proxy).send(named("origin.test", 80));
    }

    private byte[] named(String host, int port) {
      ByteBuffer request = ByteBuffer.allocate(7 + host.length());
      request.put(new byte[] {5, 1, 0, 3, (byte) host.length()}).put(host.getBytes(US_ASCII));
      return request.putShort((short) port).array();
    }

    @Test
    void reachesANameResolvedAtTheProxy() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS5, Behaviour.forward());

      try (Peer peer = asked(proxy)) {
        assertThat(peer.octets(10)).startsWith(5, 0, 0, 1, 127, 0, 0, 1);
        assertReaches(peer);
      }

      assertThat(proxy.requests())
          .containsExactly(new ProxyRequest("CONNECT", "origin.test", 80, true, "", 1));
      assertThat(proxy.uri()).hasToString("socks5://127.0.0.1:" + proxy.port());
      assertThat(proxy.awaitIdle(PATIENCE)).isTrue();
    }

    @Test
    void servesTheSocketsOfTheJdk() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS5, Behaviour.forward());
      Proxy through = new Proxy(Proxy.Type.SOCKS, proxy.address());
      Socket socket = new Socket(through);
      socket.connect(InetSocketAddress.createUnresolved("origin.test", 80));

      try (Peer peer = new Peer(socket)) {
        assertReaches(peer);
      }
      assertThat(proxy.requests().getFirst().byName()).isTrue();
    }

    @Test
    void reachesAddresses() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS5, Behaviour.forward());
      int high = origin.port() >> 8;
      int low = origin.port() & 0xff;

      try (Peer peer = greeted(proxy).send(5, 1, 0, 1, 127, 0, 0, 1, high, low)) {
        assertThat(peer.octets(10)).startsWith(5, 0);
        assertReaches(peer);
      }
      try (Peer peer = greeted(proxy)) {
        peer.send(5, 1, 0, 4).send(new byte[16]).send(0, 1);
        assertThat(peer.octets(10)).startsWith(5, 4);
      }
      assertThat(proxy.requests().getFirst().byName()).isFalse();
    }

    @Test
    void rejectsWithTheScriptedCode() throws Exception {
      FaultyProxy proxy =
          proxy(
              Kind.SOCKS5,
              Behaviour.reject(3),
              Behaviour.reject(8),
              Behaviour.status(503),
              Behaviour.ban("origin.test"),
              Behaviour.wrongCredentials());

      for (int code : new int[] {3, 8, 1, 2}) {
        try (Peer peer = asked(proxy)) {
          assertThat(peer.octets(10)).containsExactly(5, code, 0, 1, 127, 0, 0, 1, 0, 0);
          assertThat(peer.seesEnd()).isTrue();
        }
      }
      assertThat(proxy.count(Outcome.DECLINED)).isEqualTo(3);
      assertThat(proxy.count(Outcome.BANNED)).isEqualTo(1);
    }

    @Test
    void saysWhyATargetCannotBeReached() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS5, Behaviour.forward());

      try (Peer peer = greeted(proxy).send(named("unknown.test", 80))) {
        assertThat(peer.octets(2)).containsExactly(5, 4);
      }
      origin.kill();
      try (Peer peer = asked(proxy)) {
        assertThat(peer.octets(2)).containsExactly(5, 5);
      }
      assertThat(proxy.count(Outcome.FAILED)).isEqualTo(2);
    }

    @Test
    void asksForUserAndPassword() throws Exception {
      FaultyProxy proxy =
          servers.closing(
              FaultyProxy.builder(Kind.SOCKS5)
                  .resolve("origin.test", origin.port())
                  .credentials("ann", "pw")
                  .start(Script.of(Behaviour.forward(), Behaviour.wrongCredentials())));

      try (Peer peer = new Peer(proxy.port()).send(5, 1, 0)) {
        assertThat(peer.octets(2)).containsExactly(5, 0xff);
      }
      try (Peer peer = new Peer(proxy.port()).send(5, 2, 0, 2)) {
        assertThat(peer.octets(2)).containsExactly(5, 2);
        assertThat(peer.send(1, 3, 'b', 'o', 'b', 1, 'x').octets(2)).containsExactly(1, 1);
        assertThat(peer.seesEnd()).isTrue();
      }
      for (int answer : new int[] {0, 1}) {
        try (Peer peer = new Peer(proxy.port()).send(5, 1, 2)) {
          peer.octets(2);
          assertThat(peer.send(1, 3, 'a', 'n', 'n', 2, 'p', 'w').octets(2))
              .containsExactly(1, answer);
          if (answer == 0) {
            assertThat(peer.send(named("origin.test", 80)).octets(10)).startsWith(5, 0);
            assertReaches(peer);
          }
        }
      }
      assertThat(proxy.users()).containsExactlyInAnyOrder("ann", "bob");
      assertThat(proxy.count(Outcome.UNAUTHORISED)).isEqualTo(3);
      assertThat(proxy.requests().getFirst().user()).isEqualTo("ann");
    }

    @Test
    void hangsAndResetsAtTheDoor() throws Exception {
      FaultyProxy proxy =
          proxy(
              Kind.SOCKS5,
              Behaviour.resetOnAccept(),
              Behaviour.hangOnAccept(),
              Behaviour.hang(),
              Behaviour.neverAnswerConnect());

      try (Peer peer = new Peer(proxy.port())) {
        assertThat(peer.seesReset()).isTrue();
      }
      try (Peer peer = new Peer(proxy.port()).send(5, 1, 0)) {
        peer.socket.shutdownOutput();
        assertThat(peer.seesEnd()).isTrue();
      }
      for (int i = 0; i < 2; i++) {
        try (Peer peer = asked(proxy)) {
          peer.socket.shutdownOutput();
          assertThat(peer.seesEnd()).isTrue();
        }
      }
      assertThat(proxy.count(Outcome.HUNG)).isEqualTo(3);
    }

    @Test
    void sendsGarbageHalfAReplyOrDrops() throws Exception {
      FaultyProxy proxy =
          proxy(
              Kind.SOCKS5,
              Behaviour.garbage("HTTP/1.1 400".getBytes(US_ASCII)),
              Behaviour.halfLine(),
              Behaviour.dropAfter(3));

      try (Peer peer = asked(proxy)) {
        assertThat(peer.rest()).isEqualTo("HTTP/1.1 400");
      }
      try (Peer peer = asked(proxy)) {
        assertThat(peer.octets(10)).containsExactly(5, 0);
      }
      try (Peer peer = asked(proxy)) {
        peer.octets(10);
        assertThat(peer.get("/").rest()).isEqualTo("HTT");
      }
    }

    @Test
    void refusesWhatItDoesNotSpeak() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS5, Behaviour.forward());

      try (Peer peer = new Peer(proxy.port()).send(4)) {
        assertThat(peer.seesEnd()).isTrue();
      }
      try (Peer peer = greeted(proxy).send(5, 2, 0, 1, 127, 0, 0, 1, 0, 80)) {
        assertThat(peer.octets(10)).startsWith(5, 7);
      }
      try (Peer peer = greeted(proxy).send(5, 1, 0, 9)) {
        assertThat(peer.octets(10)).startsWith(5, 8);
      }
      try (Peer peer = greeted(proxy).send(6, 1, 0, 1)) {
        assertThat(peer.seesEnd()).isTrue();
      }
      try (Peer peer = new Peer(proxy.port()).send(5, 1, 2)) {
        peer.octets(2);
        assertThat(peer.send(9).seesEnd()).isTrue();
      }
      assertThat(proxy.count(Outcome.MALFORMED)).isEqualTo(5);
      assertThat(proxy.requestCount()).isZero();
    }
  }

  @Nested
  class Version4 {

    private Peer asked(FaultyProxy proxy, String user) throws Exception {
      return new Peer(proxy.port()).send(4, 1, 0, 80, 0, 0, 0, 1).send(user + "\0origin.test\0");
    }

    @Test
    void reachesANameResolvedAtTheProxy() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS4A, Behaviour.forward());

      try (Peer peer = asked(proxy, "ann")) {
        assertThat(peer.octets(8)).startsWith(0, 90);
        assertReaches(peer);
      }

      assertThat(proxy.requests())
          .containsExactly(new ProxyRequest("CONNECT", "origin.test", 80, true, "ann", 1));
      assertThat(proxy.users()).containsExactly("ann");
    }

    @Test
    void reachesAnAddress() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS4A, Behaviour.forward());

      try (Peer peer = new Peer(proxy.port())) {
        peer.send(4, 1, origin.port() >> 8, origin.port() & 0xff, 127, 0, 0, 1, 0);
        assertThat(peer.octets(8)).startsWith(0, 90);
        assertReaches(peer);
      }
      assertThat(proxy.requests().getFirst().byName()).isFalse();
    }

    @Test
    void saysNoWithOneCodeForAll() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS4A, Behaviour.reject(5), Behaviour.status(503));

      for (int i = 0; i < 2; i++) {
        try (Peer peer = asked(proxy, "")) {
          assertThat(peer.octets(8)).containsExactly(0, 91, 0, 0, 127, 0, 0, 1);
        }
      }
      try (Peer peer = new Peer(proxy.port()).send(4, 2, 0, 80, 127, 0, 0, 1, 0)) {
        assertThat(peer.octets(8)).startsWith(0, 91);
      }
    }

    @Test
    void knowsItsUser() throws Exception {
      FaultyProxy proxy =
          servers.closing(
              FaultyProxy.builder(Kind.SOCKS4A)
                  .resolve("origin.test", origin.port())
                  .credentials("ann", "")
                  .start(Script.of(Behaviour.forward())));

      try (Peer peer = asked(proxy, "bob")) {
        assertThat(peer.octets(8)).startsWith(0, 91);
      }
      try (Peer peer = asked(proxy, "ann")) {
        assertThat(peer.octets(8)).startsWith(0, 90);
      }
      assertThat(proxy.count(Outcome.UNAUTHORISED)).isEqualTo(1);
    }

    @Test
    void refusesTextsWithoutEnd() throws Exception {
      FaultyProxy proxy = proxy(Kind.SOCKS4A, Behaviour.forward());

      try (Peer peer = asked(proxy, "x".repeat(300))) {
        assertThat(peer.seesReset() || peer.seesEnd()).isTrue();
      }
      assertThat(proxy.awaitIdle(PATIENCE)).isTrue();
      assertThat(proxy.count(Outcome.MALFORMED)).isEqualTo(1);
    }
  }
}
