package dev.belay.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.testkit.FaultyProxy.Kind;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that die between two requests, just when the second one is sent. */
@Timeout(30)
class StaleConnectionTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private final ProxyHarness harness = new ProxyHarness();
  private @Nullable HeadServer started;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private HeadServer serve(String answer) throws IOException {
    HeadServer server = harness.closing(HeadServer.answeringOnce(answer));
    started = server;
    return server;
  }

  private HeadServer server() {
    return requireNonNull(started, "started");
  }

  private URI start(Kind kind) throws Exception {
    HeadServer server = serve(OK);
    if (kind == Kind.SOCKS5) {
      harness.upstream(kind);
    } else {
      harness.use("http://127.0.0.1:" + server.port());
    }
    harness.start();
    return URI.create("http://127.0.0.1:" + server.port() + "/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP", "SOCKS5"})
  void aGetIsSentAgainUnseen(Kind kind) throws Exception {
    URI uri = start(kind);
    try (Socket socket = harness.client().connect(harness.proxy().port())) {
      for (int i = 0; i < 3; i++) {
        Client.write(socket, Raw.get(uri, "X-Belay-Policy: once"));
        Client.Response response = Client.read(socket, "GET");
        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.header("X-Belay-Attempts")).isEmpty();
      }
    }
    assertThat(harness.verdicts()).hasSize(3).containsOnly(Verdict.SUCCESS);
    assertThat(server().connections()).isEqualTo(3);
    harness.awaitQuiet();
  }

  @Test
  void onceIsEnough() throws Exception {
    URI uri = start(Kind.HTTP);
    try (Socket socket = harness.client().open(Raw.get(uri, "X-Belay-Policy: once"))) {
      assertThat(Client.read(socket, "GET").status()).isEqualTo(200);
      server().answerNothing();
      Client.write(socket, Raw.get(uri, "X-Belay-Policy: once"));
      assertThat(Client.read(socket, "GET").status()).isEqualTo(502);
    }
    assertThat(harness.verdicts().getLast().errorClass()).isEqualTo(ErrorClass.RESET);
    assertThat(server().heads()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH"})
  void whatMayNotBeRepeatedIsNot(String method) throws Exception {
    URI uri = start(Kind.HTTP);
    try (Socket socket = harness.client().open(Raw.get(uri))) {
      assertThat(Client.read(socket, "GET").status()).isEqualTo(200);
      Client.write(socket, Raw.request(method, uri, "x", "Content-Length: 1"));
      assertThat(Client.read(socket, method).status()).isEqualTo(502);
    }
    assertThat(server().heads().stream().filter(head -> head.startsWith(method))).hasSize(1);
  }

  @Test
  void aConnectionThatTheServerClosedIsNotUsed() throws Exception {
    HeadServer server = serve(OK.replace("OK\r\n", "OK\r\nConnection: close\r\n"));
    harness.use("http://127.0.0.1:" + server.port());
    harness.start();
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
    try (Socket socket = harness.client().connect(harness.proxy().port())) {
      for (int i = 0; i < 3; i++) {
        Client.write(socket, Raw.request("POST", uri, "x", "Content-Length: 1"));
        assertThat(Client.read(socket, "POST").status()).isEqualTo(200);
      }
    } catch (IOException e) {
      throw new AssertionError("the client's own connection is not concerned", e);
    }
  }
}
