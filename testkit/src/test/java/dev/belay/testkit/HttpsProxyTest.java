package dev.belay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.FaultyProxy.Kind;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpsProxyTest {
  private final TestCertificate certificate;

  @RegisterExtension final FaultServers servers = new FaultServers();

  HttpsProxyTest() throws Exception {
    certificate = TestCertificate.generate();
  }

  @AfterAll
  void deleteCertificate() {
    certificate.close();
  }

  private FaultyProxy proxy(Behaviour first, Behaviour... rest) {
    return servers.closing(
        FaultyProxy.builder(Kind.HTTPS).tls(certificate).start(Script.of(first, rest)));
  }

  private Peer peer(FaultyProxy proxy) throws Exception {
    return new Peer(
        certificate
            .clientContext()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), proxy.port()));
  }

  @Test
  void carriesTunnelsAndPlainRequestsInsideTls() throws Exception {
    FaultyOrigin origin = servers.origin(Script.of(Reply.ok("hello").closing()));
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = peer(proxy)) {
      peer.send("CONNECT 127.0.0.1:" + origin.port() + " HTTP/1.1\r\n\r\n");
      assertThat(peer.head()).startsWith("HTTP/1.1 200");
      peer.get("/").head();
      assertThat(peer.rest()).isEqualTo("hello");
    }
    try (Peer peer = peer(proxy)) {
      peer.get(origin.uri().toString()).head();
      assertThat(peer.rest()).isEqualTo("hello");
    }
    assertThat(proxy.awaitIdle(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void resetsBeforeTheHandshakeAndCutsInsideTheTunnel() throws Exception {
    FaultyOrigin origin = servers.origin(Script.of(Reply.ok("hello")));
    FaultyProxy proxy = proxy(Behaviour.resetOnAccept(), Behaviour.forward().resetAfter(4));

    try (Peer peer = new Peer(proxy.port())) {
      assertThat(peer.seesReset()).isTrue();
    }
    try (Peer peer = peer(proxy)) {
      peer.send("CONNECT 127.0.0.1:" + origin.port() + " HTTP/1.1\r\n\r\n").head();
      assertThat(peer.get("/").read(4)).isEqualTo("HTTP");
      assertThat(peer.seesReset()).isTrue();
    }
    proxy.behave(Script.of(Behaviour.dropAfter(4)));
    try (Peer peer = peer(proxy)) {
      peer.send("CONNECT 127.0.0.1:" + origin.port() + " HTTP/1.1\r\n\r\n").head();
      assertThat(peer.get("/").rest()).isEqualTo("HTTP");
    }
    assertThat(proxy.awaitIdle(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void closesThoughAClientNeverShakesHands() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = new Peer(proxy.port())) {
      peer.send(0x16);
      proxy.close();
      assertThat(proxy.liveThreads()).isZero();
    }
  }

  @Test
  void needsACertificateAndNoOtherKindTakesOne() {
    assertThatThrownBy(() -> FaultyProxy.start(Kind.HTTPS)).hasMessageContaining("certificate");
    assertThatThrownBy(() ->
            FaultyProxy.builder(Kind.HTTP).tls(certificate).start(Script.of(Behaviour.forward())))
        .hasMessageContaining("HTTP");
  }
}
