package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.RetryPolicy;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose breaker opens, seen from outside; and what others lost when theirs did. */
@Timeout(30)
class BlameTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private BreakerState state(int proxy) {
    return harness.pool().upstreams().get(proxy).breaker().snapshot().state();
  }

  private void quickBreakers() {
    harness.pool().updateBreakers(BreakerPolicy.builder().openFor(Duration.ofMillis(50)).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "503", "refused"})
  void aDeadTargetOpensNoProxysBreakerWhateverItsWayToBeDead(String way) throws Exception {
    FaultyOrigin dead =
        harness.origin(Script.of(way.equals("503") ? Reply.status(503) : Reply.reset()));
    FaultyOrigin alive = harness.origin(Script.of(Reply.ok("alive")));
    for (int i = 0; i < 4; i++) {
      harness.upstream(i % 2 == 0 ? Kind.HTTP : Kind.SOCKS5);
    }
    harness.start();
    URI target = dead.uri("/");
    if (way.equals("refused")) {
      dead.kill();
    }
    Client.Response last = harness.client().get(target);
    for (int i = 0; i < 10; i++) {
      last = harness.client().get(target);
      assertThat(harness.client().get(alive.uri("/")).body()).isEqualTo("alive");
    }
    for (int i = 0; i < 4; i++) {
      assertThat(state(i)).isEqualTo(BreakerState.CLOSED);
    }
    assertThat(last.status()).isEqualTo(503);
    assertThat(last.body()).contains("TARGET_UNREACHABLE", "127.0.0.1:" + target.getPort());
    assertThat(Integer.parseInt(last.header("Retry-After"))).isBetween(1, 5);
  }

  @Test
  void aProxyThatAlwaysFailsIsBlamedWhenOthersWork() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy bad = harness.upstream(Kind.HTTP, Script.of(Behaviour.status(502)));
    harness.upstream(Kind.HTTP);
    harness.upstream(Kind.HTTP);
    harness.start();
    for (int i = 0; i < 30; i++) {
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(200);
    }
    assertThat(state(0)).isEqualTo(BreakerState.OPEN);
    assertThat(state(1)).isEqualTo(BreakerState.CLOSED);
    assertThat(bad.requestCount()).isLessThan(10);
  }

  @Test
  void aProxyThatOneTargetBansStaysInUseForTheOthers() throws Exception {
    FaultyOrigin picky = harness.origin(Script.of(Reply.ok("picky")));
    FaultyOrigin open = harness.origin(Script.of(Reply.ok("open")));
    FaultyProxy banned =
        harness.upstream(
            Kind.SOCKS5,
            Script.answering(request ->
                request.port() == picky.port() ? Behaviour.reject(2) : Behaviour.forward()));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    for (int i = 0; i < 20; i++) {
      assertThat(harness.client().getThroughConnect(open.uri("/")).status()).isEqualTo(200);
    }
    banned.reset();
    for (int i = 0; i < 20; i++) {
      assertThat(harness.client().getThroughConnect(picky.uri("/")).status()).isEqualTo(200);
      assertThat(harness.client().getThroughConnect(open.uri("/")).status()).isEqualTo(200);
    }
    assertThat(state(0)).isEqualTo(BreakerState.CLOSED);
    assertThat(banned.targets().stream().filter(to -> to.endsWith(":" + picky.port())))
        .hasSizeLessThan(4);
    assertThat(banned.targets().stream().filter(to -> to.endsWith(":" + open.port())))
        .hasSizeGreaterThan(4);
  }

  @Test
  void proxiesThatRecoveredAllComeBack() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    List<FaultyProxy> upstreams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      upstreams.add(harness.upstream(Kind.HTTP));
    }
    harness.start();
    quickBreakers();
    harness.pool().upstreams().forEach(upstream -> upstream.breaker().trip());
    for (int i = 0; i < 3; i++) {
      int proxy = i;
      Eventually.holds("half-open", () -> state(proxy) == BreakerState.HALF_OPEN);
    }

    for (int i = 0; i < 20; i++) {
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(200);
    }

    for (int i = 0; i < 3; i++) {
      assertThat(state(i)).isEqualTo(BreakerState.CLOSED);
      assertThat(upstreams.get(i).requestCount()).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void anErrorThatIsNotTriedAgainDoesNotKeepTheProbe() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(404)));
    harness.upstream(Kind.HTTP);
    harness.start();
    quickBreakers();
    harness.pool().upstreams().getFirst().breaker().trip();
    Eventually.holds("half-open", () -> state(0) == BreakerState.HALF_OPEN);

    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(404);

    assertThat(state(0)).isEqualTo(BreakerState.CLOSED);
    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(404);
  }

  @Test
  void threeFailuresInARowDoNotLoseAProxyForEver() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    harness.upstream(
        Kind.HTTP,
        Script.phases(3, Script.of(Behaviour.resetOnAccept()), Script.of(Behaviour.forward())));
    harness.policy(RetryPolicy.named("default").maxAttempts(1).build());
    harness.start();
    for (int i = 0; i < 3; i++) {
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(502);
    }
    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(200);
  }

  @Test
  void attemptsEndWhenTheBreakerOpensUnderThem() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = harness.upstream(Kind.HTTP, Script.of(Behaviour.wrongCredentials()));
    harness.policy(
        RetryPolicy.named("default")
            .maxAttempts(10)
            .backoff(Backoff.fixed(Duration.ofMillis(1)))
            .build());
    harness.start();
    Client.Response response = harness.client().get(origin.uri("/"));
    assertThat(response.status()).isEqualTo(502);
    assertThat(upstream.requestCount()).isEqualTo(5);
    assertThat(state(0)).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void a407OfOurOwnProxyIsNotTheClientsToAnswer() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    harness.upstream(Kind.HTTP, Script.of(Behaviour.wrongCredentials()));
    harness.start();
    for (Client.Response response :
        List.of(
            harness.client().get(origin.uri("/")),
            Raw.send(harness.client(), origin.uri("/"), "X-Belay-Policy: once"))) {
      assertThat(response.status()).isIn(502, 503);
      assertThat(response.header("Proxy-Authenticate")).isEmpty();
    }
  }
}
