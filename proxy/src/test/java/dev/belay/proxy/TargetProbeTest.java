package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.VirtualTime;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one request that finds out whether a target works again. */
@Timeout(30)
class TargetProbeTest {
  private final VirtualTime time = new VirtualTime();
  private final ProxyHarness harness = new ProxyHarness(time);

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  /** A target that failed until it was left alone, and may now be tested. */
  private FaultyOrigin failing() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.reset()));
    for (int i = 0; i < 4; i++) {
      harness.upstream(Kind.SOCKS5);
    }
    harness.start();
    for (int i = 0; i < 5; i++) {
      harness.client().get(origin.uri("/"));
    }
    assertThat(harness.client().get(origin.uri("/")).body()).contains("TARGET_UNREACHABLE");
    time.advance(Duration.ofSeconds(31)); // the breakers of the proxies may be open as well
    return origin;
  }

  @Test
  void aClientThatLeavesDuringTheTestMakesWayForTheNext() throws Exception {
    FaultyOrigin origin = failing();
    URI target = origin.uri("/");
    origin.behave(Script.of(Reply.hang()));
    long before = origin.requestCount();
    try (Socket client = harness.client().open(Raw.get(target))) {
      Eventually.holds("the test is under way", () -> origin.requestCount() > before);
      assertThat(client.isConnected()).isTrue();
      assertThat(harness.client().get(target).body()).contains("TARGET_UNREACHABLE");
    }
    origin.behave(Script.of(Reply.ok("back")));
    harness.awaitQuiet();

    assertThat(harness.client().get(target).body()).isEqualTo("back");
  }

  @Test
  void aTunnelWhoseProxiesAllRefuseMakesWayForTheNext() throws Exception {
    FaultyOrigin origin = failing();
    origin.behave(Script.of(Reply.ok("back")));
    harness.pool().upstreams().forEach(upstream -> upstream.breaker().trip());
    assertThat(harness.client().getThroughConnect(origin.uri("/")).status()).isEqualTo(503);
    harness.pool().upstreams().forEach(upstream -> upstream.breaker().reset());

    assertThat(harness.client().getThroughConnect(origin.uri("/")).body()).isEqualTo("back");
  }
}
