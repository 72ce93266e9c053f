package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerState;
import dev.belay.VirtualTime;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when no proxy can be reached at all: here, because no name is found. */
@Timeout(60)
class ConnectivityTest {
  private final VirtualTime time = new VirtualTime();
  private final ProxyHarness harness = new ProxyHarness(time);

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void lose(FaultyOrigin origin, int proxies) throws Exception {
    for (int i = 0; i < proxies; i++) {
      harness.use("http://proxy-%d.unknown.example:3128".formatted(i));
    }
    harness.start();
    Client.Response first = harness.client().get(origin.uri("/"));
    assertThat(first.status()).isEqualTo(503);
    assertThat(first.body()).contains("NETWORK_UNREACHABLE");
  }

  @Test
  void requestsAreRefusedAtOnceAndNoProxyIsBlamed() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    lose(origin, 3);
    int attempts = harness.verdicts().size();

    for (int i = 0; i < 20; i++) {
      Client.Response response = harness.client().get(origin.uri("/"));
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.header("Retry-After")).isEqualTo("1");
      assertThat(response.body()).contains("NETWORK_UNREACHABLE", "none of the 3 proxies");
      assertThat(harness.client().getThroughConnect(origin.uri("/")).status()).isEqualTo(503);
    }

    assertThat(attempts).isEqualTo(3);
    assertThat(harness.verdicts()).hasSize(attempts);
    assertThat(harness.pool().upstreams())
        .allMatch(one -> one.breaker().snapshot().state() == BreakerState.CLOSED);
  }

  @Test
  void oneRequestIsLetThroughNowAndThenAndEndsItWhenItWorks() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    lose(origin, 2);
    int attempts = harness.verdicts().size();
    time.advance(Duration.ofSeconds(1));

    assertThat(harness.client().get(origin.uri("/")).body()).contains("NETWORK_UNREACHABLE");
    assertThat(harness.verdicts()).hasSize(attempts + 1);
    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(503);
    assertThat(harness.verdicts()).hasSize(attempts + 1);

    FaultyProxy back = harness.closing(FaultyProxy.start(Kind.HTTP));
    harness.pool().replace(List.of(UpstreamPool.Entry.of("http://127.0.0.1:" + back.port())));
    time.advance(Duration.ofSeconds(1));
    assertThat(harness.client().get(origin.uri("/")).body()).isEqualTo("hello");
    assertThat(harness.client().get(origin.uri("/")).body()).isEqualTo("hello");
    assertThat(harness.pool().connectivity().isLost()).isFalse();
  }

  @Test
  void aProxyWhoseNameIsNotFoundIsAtFaultItselfWhileOthersAreReached() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    harness.use("http://proxy.unknown.example:3128");
    harness.upstream(Kind.HTTP);
    harness.start();

    for (int i = 0; i < 20; i++) {
      assertThat(harness.client().get(origin.uri("/")).body()).isEqualTo("hello");
    }

    assertThat(harness.pool().upstreams().getFirst().breaker().snapshot().state())
        .isEqualTo(BreakerState.OPEN);
  }
}
