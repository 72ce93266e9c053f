package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.Backoff;
import dev.belay.BreakerEvent;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.Endpoint;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.ledger.Totals;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.client.ProxyRequest.Method;
import dev.belay.select.BestRecent;
import dev.belay.select.RoundRobin;
import dev.belay.select.Session;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults that such clients are known to have; each once. */
@Timeout(30)
class DefectsTest {
  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void aProxyWhoseBreakerOpensIsLeftAtOnceAlsoInTheMiddleOfARequest() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("never")));
    FaultyProxy proxy = harness.proxy(Kind.HTTP, Script.of(Behaviour.resetOnAccept()));
    harness
        .builder()
        .breakers(BreakerPolicy.builder().failureThreshold(2).build())
        .policy(ClientHarness.QUICK.toBuilder().maxAttempts(10).build());

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    // what might be the target's fault weighs half, so at most four make two
    assertThat(failed.report().attempts()).hasSizeLessThanOrEqualTo(4);
    assertThat(failed.report().reason()).isEqualTo(StopReason.REFUSED);
    assertThat(proxy.connectionCount()).isEqualTo(failed.report().attempts().size());
  }

  @Test
  void aWaitThatDoesNotFitIsNotBegunAndFailoverDoesNotRestartTheClock() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
    harness.proxy(Kind.HTTP);
    harness.proxy(Kind.SOCKS5);
    RetryPolicy policy =
        RetryPolicy.named("slow")
            .maxAttempts(10)
            .backoff(Backoff.fixed(Duration.ofSeconds(1)))
            .attemptTimeout(Duration.ofMillis(300))
            .build();
    ProxyRequest request =
        ProxyRequest.builder(Method.GET, origin.uri())
            .policy(policy)
            .timeout(Duration.ofMillis(1_500))
            .build();
    long start = System.nanoTime();

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.client().send(request));

    // 300 ms, a second, and what is left; no second wait
    assertThat(failed.report().reason()).isEqualTo(StopReason.DEADLINE);
    assertThat(failed.report().attempts()).hasSize(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_900));
    harness.awaitQuiet();
  }

  @Test
  void everyEdgeOfABreakerIsAnEvent() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    FaultyProxy proxy = harness.proxy(Kind.HTTP, Script.of(Behaviour.resetOnAccept()));
    harness
        .builder()
        .breakers(
            BreakerPolicy.builder().failureThreshold(1).openFor(Duration.ofMillis(50)).build());
    assertThatThrownBy(() -> harness.get(origin.uri())).isInstanceOf(RequestFailed.class);
    proxy.behave(Script.of(Behaviour.forward()));

    ClientHarness.eventually(
        "it recovers",
        () -> {
          try {
            return harness.get(origin.uri()).status() == 200;
          } catch (ProxyClientException | InterruptedException notYet) {
            return false;
          }
        });

    assertThat(harness.edges())
        .extracting(BreakerEvent::to)
        .containsSubsequence(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    assertThat(harness.client().ledger().breakerEvents(1).events()).isNotEmpty();
  }

  @Test
  void allProxiesThatRecoverComeBack() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    FaultyProxy[] proxies = new FaultyProxy[3];
    for (int i = 0; i < 3; i++) {
      proxies[i] = harness.proxy(Kind.HTTP, Script.of(Behaviour.resetOnAccept()));
    }
    harness
        .builder()
        .breakers(
            BreakerPolicy.builder().failureThreshold(1).openFor(Duration.ofMillis(50)).build());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> harness.get(origin.uri())).isInstanceOf(ProxyClientException.class);
    }
    for (FaultyProxy proxy : proxies) {
      proxy.behave(Script.of(Behaviour.forward()));
    }

    Set<String> used = new HashSet<>();
    ClientHarness.eventually(
        "all are used again",
        () -> {
          try {
            used.add(harness.get(origin.uri()).proxy());
          } catch (ProxyClientException | InterruptedException notYet) {
            return false;
          }
          return used.size() == 3;
        });
  }

  @Test
  void theLastResponseIsHandedOver() throws Exception {
    FaultyOrigin origin =
        harness.origin(
            Script.of(Reply.status(502), Reply.status(503).header("X-Why", "full").body("later")));
    harness.proxy(Kind.HTTP);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.header("x-why")).contains("full");
    assertThat(response.text()).isEqualTo("later");
    assertThat(response.isExhausted()).isTrue();
    assertThat(response.report().reason()).isEqualTo(StopReason.ATTEMPTS_EXHAUSTED);
  }

  @Test
  void orThrownIfThatIsWanted() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503).body("later")));
    harness.proxy(Kind.HTTP);
    harness.builder().throwOnExhausted(true);

    RetriesExhausted exhausted =
        catchThrowableOfType(RetriesExhausted.class, () -> harness.get(origin.uri()));

    assertThat(exhausted).hasMessageContaining("503").hasMessageContaining("4 attempts");
    assertThat(exhausted.response().text()).isEqualTo("later");
    RetriesExhausted streamed =
        catchThrowableOfType(
            RetriesExhausted.class, () -> harness.client().stream(ProxyRequest.get(origin.uri())));
    assertThat(streamed.response().text()).isEqualTo("later");
    harness.awaitQuiet();
  }

  @Test
  void oneCleanRequestCountsAsNoRetry() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP);

    harness.get(origin.uri());

    Totals totals = harness.client().retryMetrics().totals();
    assertThat(totals.retries()).isZero();
    assertThat(totals.attempts()).isEqualTo(1);
  }

  @Test
  void aSessionStaysWhereItIs() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    for (int i = 0; i < 4; i++) {
      harness.proxy(Kind.HTTP);
    }
    harness.builder().selection(new Session(new RoundRobin(), Time.system()));
    Set<String> used = new HashSet<>();

    for (int i = 0; i < 12; i++) {
      ProxyRequest request =
          ProxyRequest.builder(Method.GET, origin.uri()).session("basket").build();
      used.add(harness.client().send(request).proxy());
    }

    assertThat(used).hasSize(1);
  }

  @Test
  void aRegionIsPreferred() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.builder().selection(new BestRecent());
    for (String region : new String[] {"EU", "US-EAST", "ASIA"}) {
      FaultyProxy proxy = harness.closing(FaultyProxy.start(Kind.HTTP));
      harness
          .builder()
          .proxy(
              new UpstreamPool.Entry(
                  ProxyAddress.parse("http://127.0.0.1:" + proxy.port()),
                  Endpoint.Traits.NONE.withRegion(region)));
    }
    String wanted = harness.client().proxies().get(1).id();

    for (int i = 0; i < 10; i++) {
      ProxyRequest request =
          ProxyRequest.builder(Method.GET, origin.uri()).region("US-EAST").build();
      assertThat(harness.client().send(request).proxyId()).isEqualTo(wanted);
    }
  }

  /** A proxy may answer in the place of its target; then that is the last response. */
  private boolean fails(URI uri) throws InterruptedException {
    try {
      return harness.get(uri).isExhausted();
    } catch (ProxyClientException noResponse) {
      return true;
    }
  }

  @Test
  void aTargetThatFailsThroughAllProxiesIsLeftAloneAndTheProxiesAreNot() throws Exception {
    FaultyOrigin dead = harness.origin(Script.of(Reply.reset()));
    FaultyOrigin alive = harness.origin(Script.of(Reply.ok("alive")));
    for (int i = 0; i < 4; i++) {
      harness.proxy(i % 2 == 0 ? Kind.HTTP : Kind.SOCKS5);
    }
    for (int i = 0; i < 12; i++) {
      assertThat(harness.get(alive.uri()).status()).isEqualTo(200);
    }

    for (int i = 0; i < 5; i++) {
      assertThat(fails(dead.uri())).isTrue();
    }
    RequestRefused refused =
        catchThrowableOfType(RequestRefused.class, () -> harness.get(dead.uri()));

    assertThat(refused.reason()).isEqualTo(RequestRefused.Reason.TARGET_FAILING);
    assertThat(refused.retryAfter()).isPositive();
    assertThat(harness.client().circuitBreakers().values())
        .allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    assertThat(harness.get(alive.uri()).text()).isEqualTo("alive");
  }

  @Test
  void noSecretIsInAnythingThatCanBePrinted() throws Exception {
    harness
        .builder()
        .proxy("http://ann:canary-1@127.0.0.1:" + harness.closedPort())
        .proxy("socks5://ann:canary-1@127.0.0.1:" + harness.closedPort());
    ProxyRequest request =
        ProxyRequest.builder(Method.GET, URI.create("http://target.example/?key=canary-2"))
            .header("Authorization", "canary-3")
            .build();

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.client().send(request));

    StringBuilder printed = new StringBuilder();
    for (Throwable one = failed; one != null; one = one.getCause()) {
      printed.append(one);
    }
    printed.append(failed.report()).append(request).append(harness.client().proxies());
    printed.append(harness.client().circuitBreakers()).append(harness.client().retryMetrics());
    assertThat(printed.toString()).doesNotContain("canary");
  }
}
