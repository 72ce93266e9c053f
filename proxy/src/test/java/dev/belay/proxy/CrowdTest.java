package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Verdict;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CrowdTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void twoThousandRequestsAndFiveHundredTunnelsAtOnceLeaveNothingBehind() throws Exception {
    FaultyOrigin slow = harness.origin(Script.of(Reply.ok("slow").delayed(Duration.ofMillis(200))));
    FaultyOrigin echo = harness.origin(Script.of(Reply.upgradeEcho()));
    for (int i = 0; i < 3; i++) {
      harness.upstream(i == 0 ? Kind.SOCKS5 : Kind.HTTP);
    }
    harness.start();
    CountDownLatch open = new CountDownLatch(500);
    Crowd.of(
        2_500,
        number -> {
          if (number % 5 == 0) {
            tunnel(echo, open);
          } else {
            assertThat(harness.client().get(slow.uri("/")).body()).isEqualTo("slow");
          }
        });
    harness.awaitQuiet();
    assertThat(harness.proxy().traffic().requests()).isEqualTo(2_000);
    assertThat(harness.proxy().traffic().tunnels()).isEqualTo(500);
    // on a busy machine some wait too long for their turn and are tried again: each works once
    assertThat(harness.verdicts())
        .filteredOn(verdict -> verdict.kind() == Verdict.Kind.SUCCESS)
        .hasSize(2_500);
  }

  /** All five hundred are open at the same time. */
  private void tunnel(FaultyOrigin echo, CountDownLatch open) throws Exception {
    try (Socket socket = harness.client().open(Raw.connect(echo.uri("/")))) {
      assertThat(Client.read(socket, "CONNECT").status()).isEqualTo(200);
      open.countDown();
      assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
      Client.write(
          socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhey");
      assertThat(Client.read(socket, "GET").status()).isEqualTo(101);
      assertThat(socket.getInputStream().readNBytes(3)).isEqualTo(new byte[] {'h', 'e', 'y'});
    }
  }
}
