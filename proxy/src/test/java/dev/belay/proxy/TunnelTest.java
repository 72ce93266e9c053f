package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class TunnelTest {
  private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: chat";
  private final ProxyHarness harness = new ProxyHarness();
  private FaultyOrigin origin;

  @BeforeEach
  void open() throws Exception {
    origin = harness.origin(Script.of(Reply.upgradeEcho()));
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private static String take(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource
  void anUpgradePassesThroughEveryKindOfProxy(Kind kind) throws Exception {
    harness.upstream(kind);
    harness.start();
    try (Socket socket = harness.client().open(Raw.get(origin.uri("/chat"), UPGRADE))) {
      Client.Response response = Client.read(socket, "GET");
      assertThat(response.status()).isEqualTo(101);
      assertThat(response.header("Upgrade")).isEqualTo("chat");
      assertThat(response.header("Connection")).isEqualToIgnoringCase("upgrade");
      for (int i = 0; i < 3; i++) {
        Client.write(socket, "ping" + i);
        assertThat(take(socket, 5)).isEqualTo("ping" + i);
      }
      String large = "0123456789".repeat(100_000);
      Thread writer = Thread.startVirtualThread(() -> write(socket, large));
      assertThat(take(socket, large.length())).isEqualTo(large);
      writer.join();
      assertThat(harness.proxy().traffic().openTunnels()).isEqualTo(1);
    }
    harness.awaitQuiet();
    assertThat(harness.proxy().traffic().bytesUp()).isEqualTo(1_000_015);
  }

  private static void write(Socket socket, String text) {
    try {
      Client.write(socket, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void bytesThatComeWithTheUpgradeAreNotLost() throws Exception {
    harness.upstream(Kind.SOCKS5);
    harness.start();
    try (Socket socket = harness.client().open(Raw.get(origin.uri("/"), UPGRADE) + "early")) {
      assertThat(Client.read(socket, "GET").status()).isEqualTo(101);
      assertThat(take(socket, 5)).isEqualTo("early");
    }
  }

  @Test
  void bytesThatComeWithTheAnswerToAnUpgradeAreNotLost() throws Exception {
    String answer = "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\nwelcome";
    HeadServer server = harness.closing(HeadServer.answering(answer));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
    try (Socket socket = harness.client().open(Raw.get(uri, UPGRADE))) {
      assertThat(Client.read(socket, "GET").status()).isEqualTo(101);
      assertThat(take(socket, 7)).isEqualTo("welcome");
    }
  }

  @Test
  void aTargetThatDoesNotWantToUpgradeAnswersAsUsual() throws Exception {
    origin.behave(Script.of(Reply.ok("no")));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    try (Socket socket = harness.client().open(Raw.get(origin.uri("/"), UPGRADE))) {
      assertThat(Client.read(socket, "GET").body()).isEqualTo("no");
      Client.write(socket, Raw.get(origin.uri("/")));
      assertThat(Client.read(socket, "GET").body()).isEqualTo("no");
    }
    harness.awaitQuiet();
  }

  @Test
  void anUpgradeToHttp2IsNotPassedOn() throws Exception {
    origin.behave(Script.of(Reply.ok("one")));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    String[] wish = {
      "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"
    };
    assertThat(Raw.send(harness.client(), origin.uri("/"), wish).body()).isEqualTo("one");
    assertThat(origin.requests().getFirst().header("Upgrade")).isEmpty();
    assertThat(origin.requests().getFirst().header("HTTP2-Settings")).isEmpty();
  }

  @Test
  void theEndOfAnUpgradedConnectionIsPassedOn() throws Exception {
    harness.upstream(Kind.SOCKS5);
    harness.start();
    try (Socket socket = harness.client().open(Raw.get(origin.uri("/"), UPGRADE))) {
      Client.read(socket, "GET");
      origin.kill();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    harness.awaitQuiet();
  }

  @ParameterizedTest
  @EnumSource
  void aTunnelCarriesWhatCameEarlyAndLivesOnWhenOneSideHasEnded(Kind kind) throws Exception {
    harness.upstream(kind);
    harness.start();
    String inside = "GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + "\r\n\r\n";
    try (Socket socket = harness.client().open(Raw.connect(origin.uri("/")) + inside)) {
      assertThat(Client.read(socket, "CONNECT").status()).isEqualTo(200);
      assertThat(Client.read(socket, "GET").status()).isEqualTo(101);
      Client.write(socket, "last words");
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo("last words");
    }
    harness.awaitQuiet();
  }

  @Test
  void aResetInATunnelIsPassedOnAsAnEnd() throws Exception {
    origin.behave(Script.of(Reply.ok("x".repeat(100_000))));
    harness.upstream(Kind.SOCKS5, Script.of(Behaviour.forward().resetAfter(1_000)));
    harness.start();
    try (Socket socket = harness.client().open(Raw.connect(origin.uri("/")))) {
      assertThat(Client.read(socket, "CONNECT").status()).isEqualTo(200);
      Client.write(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      long read = 0;
      try {
        read = socket.getInputStream().readAllBytes().length;
      } catch (IOException reset) {
        assertThat(reset).hasMessageContaining("reset");
      }
      assertThat(read).isLessThan(100_000);
    }
    harness.awaitQuiet();
  }
}
