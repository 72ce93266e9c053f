package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.RetryPolicy;
import dev.belay.VirtualTime;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code Retry-After} binds, and whom. */
@Timeout(30)
class RetryAfterTest {
  private static final Behaviour LATER =
      Behaviour.status(Reply.status(500).header("Retry-After", "30"));

  private final VirtualTime time = new VirtualTime();
  private final ProxyHarness harness = new ProxyHarness(time);

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void tunnels(FaultyOrigin origin, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(harness.client().getThroughConnect(origin.uri("/")).body()).isEqualTo("hello");
    }
  }

  @Test
  void aProxyThatAskedForItIsLeftAloneAlthoughOthersTakeOverAtOnce() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy busy = harness.upstream(Kind.HTTP, Script.of(LATER));
    harness.upstream(Kind.HTTP);
    harness.upstream(Kind.HTTP);
    harness.start();

    tunnels(origin, 12);

    assertThat(busy.requestCount()).isEqualTo(1);
    time.advance(Duration.ofSeconds(30));
    tunnels(origin, 3);
    assertThat(busy.requestCount()).isEqualTo(2);
  }

  @Test
  void aProxyIsLeftAloneForNoLongerThanThePolicyWouldWait() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy busy = harness.upstream(Kind.HTTP, Script.of(LATER));
    harness.upstream(Kind.HTTP);
    harness.policy(
        RetryPolicy.named("default")
            .backoff(Backoff.fixed(Duration.ofMillis(1)))
            .maxHintWait(Duration.ofSeconds(10))
            .build());
    harness.start();
    tunnels(origin, 4);
    assertThat(busy.requestCount()).isEqualTo(1);

    time.advance(Duration.ofSeconds(10));
    tunnels(origin, 3);

    assertThat(busy.requestCount()).isEqualTo(2);
  }
}
