package dev.belay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestCertificateTest {
  private final TestCertificate certificate;

  @RegisterExtension final FaultServers servers = new FaultServers();

  TestCertificateTest() throws Exception {
    certificate = TestCertificate.generate("origin.test");
  }

  @AfterAll
  void deleteCertificate() {
    Path pem = certificate.pem();
    certificate.close();
    assertThat(pem.getParent()).doesNotExist();
  }

  @Test
  void isGoodForThisMachineAndTheNamesAskedFor() throws Exception {
    X509Certificate read;
    try (var in = Files.newInputStream(certificate.pem())) {
      read = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }

    assertThat(read.getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .contains("localhost", "127.0.0.1", "origin.test");
    read.checkValidity();
    assertThat(certificate.trustStore().getCertificate("testkit")).isEqualTo(read);
  }

  @Test
  void letsAClientThatTrustsItReachATlsOrigin() throws Exception {
    FaultyOrigin origin =
        servers.closing(FaultyOrigin.startTls(certificate, Script.of(Reply.ok("secret"))));

    try (HttpClient client =
        HttpClient.newBuilder().sslContext(certificate.clientContext()).build()) {
      for (String host : new String[] {"127.0.0.1", "localhost"}) {
        URI uri = URI.create("https://" + host + ":" + origin.port() + "/");
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("secret");
      }
    }
    assertThat(origin.uri("/a")).hasToString("https://127.0.0.1:" + origin.port() + "/a");
  }

  @Test
  void isNotTrustedOtherwise() throws Exception {
    FaultyOrigin origin =
        servers.closing(FaultyOrigin.startTls(certificate, Script.of(Reply.ok("secret"))));

    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(origin.uri()).build();
      assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
          .isInstanceOf(SSLHandshakeException.class);
    }
    assertThat(origin.requestCount()).isZero();
  }

  @Test
  void cutsAndResetsUnderTlsToo() throws Exception {
    FaultyOrigin origin =
        servers.closing(
            FaultyOrigin.startTls(
                certificate, Script.of(Reply.reset(), Reply.ok("0123").resetAfter(2))));

    try (Peer peer = secure(origin)) {
      assertThat(peer.get("/").seesReset()).isTrue();
    }
    try (Peer peer = secure(origin)) {
      peer.get("/").head();
      assertThat(peer.read(2)).isEqualTo("01");
      assertThat(peer.seesReset()).isTrue();
    }
  }

  private Peer secure(FaultyOrigin origin) throws IOException {
    return new Peer(
        certificate
            .clientContext()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), origin.port()));
  }

  @Test
  void refusesNamesThatAreNone() {
    assertThatThrownBy(() -> TestCertificate.generate("a,dns:b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a,dns:b");
  }
}
