package dev.belay.proxy.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerSnapshot;
import dev.belay.BreakerState;
import dev.belay.CallReport;
import dev.belay.ErrorClass;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.ledger.Totals;
import dev.belay.proxy.client.ProxyRequest.Method;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody does in the first hour. */
@Timeout(30)
class QuickstartTest {
  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private static List<Duration> waits(CallReport report) {
    return report.attempts().stream().skip(1).map(CallReport.Try::waited).toList();
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void aRequestIsRetriedByDefaultAfterOneSecondAndTwo() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("never reached")));
    for (int i = 0; i < 3; i++) {
      harness.builder().proxy("http://127.0.0.1:" + harness.closedPort());
    }
    harness.builder().policy(RetryPolicy.DEFAULT);

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed.report().attempts()).hasSize(3);
    assertThat(waits(failed.report())).containsExactly(millis(1_000), millis(2_000));
    assertThat(failed.report().reason()).isEqualTo(StopReason.ATTEMPTS_EXHAUSTED);
    assertThat(failed.errorClass()).isEqualTo(ErrorClass.CONNECT);
    assertThat(failed).hasMessageContaining("3 attempts").hasMessageContaining("cannot be reached");
    assertThat(origin.connectionCount()).isZero();
  }

  @Test
  void aPolicyOfTheClientHoldsForAllItsRequests() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(429)));
    harness.proxy(Kind.HTTP);
    RetryPolicy linear =
        RetryPolicy.named("linear")
            .maxAttempts(5)
            .backoff(Backoff.linear(millis(20)))
            .retryStatusCodes(Set.of(429, 502, 503, 504))
            .build();
    harness.builder().policy(linear);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.status()).isEqualTo(429);
    assertThat(waits(response.report()))
        .containsExactly(millis(20), millis(40), millis(60), millis(80));
  }

  @Test
  void jitterSpreadsWaitsWithinTheirBounds() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.proxy(Kind.HTTP);
    Backoff jittered = Backoff.linear(millis(20)).withJitter(Jitter.PROPORTIONAL);
    harness
        .builder()
        .policy(RetryPolicy.named("jittered").maxAttempts(3).backoff(jittered).build());

    List<Duration> waits = waits(harness.get(origin.uri()).report());

    assertThat(waits.get(0)).isBetween(millis(10), millis(30));
    assertThat(waits.get(1)).isBetween(millis(20), millis(60));
  }

  @Test
  void aPolicyOfARequestWinsOverThatOfTheClient() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.proxy(Kind.HTTP);
    RetryPolicy twice = ClientHarness.QUICK.toBuilder().maxAttempts(2).build();

    ProxyResponse response =
        harness.client().send(ProxyRequest.builder(Method.GET, origin.uri()).policy(twice).build());

    assertThat(response.report().attempts()).hasSize(2);
    assertThat(harness.get(origin.uri()).report().attempts()).hasSize(4);
  }

  @Test
  void aRequestCanDoWithoutRetry() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503), Reply.ok("too late")));
    harness.proxy(Kind.HTTP);

    ProxyResponse response =
        harness
            .client()
            .send(ProxyRequest.builder(Method.GET, origin.uri()).policy(RetryPolicy.NONE).build());

    assertThat(response.status()).isEqualTo(503);
    assertThat(origin.requestCount()).isEqualTo(1);
  }

  @Test
  void breakerStatesAreObjectsThatNobodyChanges() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.builder().proxy("http://127.0.0.1:" + harness.closedPort());
    harness.builder().breakers(BreakerPolicy.builder().failureThreshold(2).build());
    harness.proxy(Kind.HTTP);
    ProxyClient client = harness.client();
    Map<String, BreakerSnapshot> before = client.circuitBreakers();

    for (int i = 0; i < 4; i++) {
      assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");
    }

    assertThat(before.values())
        .extracting(BreakerSnapshot::state)
        .containsExactly(BreakerState.CLOSED, BreakerState.CLOSED);
    String dead = client.proxies().getFirst().id();
    BreakerSnapshot open = requireNonNull(client.circuitBreakers().get(dead));
    assertThat(open.state()).isEqualTo(BreakerState.OPEN);
    assertThat(open.failureCount()).isEqualTo(2);
    assertThat(open.nextTest()).isPresent();
    assertThatThrownBy(() -> client.circuitBreakers().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void metricsCountSuccessesByAttempt() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.ok("1"), Reply.status(503), Reply.ok("2"), Reply.ok("3")));
    harness.proxy(Kind.HTTP);

    for (int i = 0; i < 3; i++) {
      assertThat(harness.get(origin.uri()).status()).isEqualTo(200);
    }

    Totals totals = harness.client().retryMetrics().totals();
    assertThat(totals.successByAttempt()).containsExactly(Map.entry(0, 2L), Map.entry(1, 1L));
    assertThat(totals.retries()).isEqualTo(1);
    assertThat(totals.failures()).containsExactly(Map.entry(ErrorClass.STATUS, 1L));
    assertThat(harness.client().ledger().byHost(24).totals()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH"})
  void whatMayNotBeRepeatedIsTriedOnceUnlessAskedFor(String name) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.proxy(Kind.HTTP);
    ProxyRequest.Builder request =
        ProxyRequest.builder(Method.valueOf(name), origin.uri())
            .header("Content-Type", "application/json")
            .body("{\"item\": 7}");

    ProxyResponse once = harness.client().send(request.build());
    RetryPolicy all = ClientHarness.QUICK.toBuilder().retryNonIdempotent(true).build();
    ProxyResponse asked = harness.client().send(request.policy(all).build());
    ProxyResponse said =
        harness.client().send(request.policy(ClientHarness.QUICK).idempotent(true).build());

    assertThat(once.report().attempts()).hasSize(1);
    assertThat(once.report().reason()).isEqualTo(StopReason.NOT_REPEATABLE);
    assertThat(asked.report().attempts()).hasSize(4);
    assertThat(said.report().attempts()).hasSize(4);
    assertThat(origin.requests())
        .hasSize(9)
        .allSatisfy(one -> assertThat(one.bodyText()).isEqualTo("{\"item\": 7}"));
  }

  @Test
  void onlyTheCodesOfThePolicyAreRetried() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.cycling(Reply.status(408), Reply.status(503), Reply.ok("fine")));
    harness.proxy(Kind.HTTP);
    harness.builder().policy(ClientHarness.QUICK.toBuilder().retryStatusCodes(Set.of(408)).build());

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.report().attempts()).hasSize(2);
    assertThat(response.isExhausted()).isFalse();
  }

  @Test
  void aTimeoutStopsEarlyAndIsNeverPassed() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.proxy(Kind.HTTP);
    RetryPolicy policy =
        RetryPolicy.named("bounded")
            .maxAttempts(5)
            .backoff(Backoff.exponential(millis(200)))
            .timeout(millis(1_500))
            .build();
    harness.builder().policy(policy);
    long start = System.nanoTime();

    ProxyResponse response = harness.get(origin.uri());

    // 200 and 400 and 800 fit; 1600 does not, and is not begun
    assertThat(waits(response.report())).containsExactly(millis(200), millis(400), millis(800));
    assertThat(response.report().reason()).isEqualTo(StopReason.DEADLINE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(millis(1_500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"high-volume", "rate-limited", "critical", "fast-failover"})
  void theRecipesComeAsPresets(String name) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP);
    RetryPolicy preset =
        RetryPolicy.presets().stream()
            .filter(policy -> policy.name().equals(name))
            .findFirst()
            .orElseThrow();

    ProxyResponse response =
        harness
            .client()
            .send(ProxyRequest.builder(Method.GET, origin.uri()).policy(preset).build());

    assertThat(response.report().policy()).isEqualTo(name);
  }

  @Test
  void whenAllBreakersAreOpenNothingIsTriedUntilOneIsReset() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    FaultyProxy proxy = harness.proxy(Kind.HTTP, Script.of(Behaviour.resetOnAccept()));
    harness.builder().breakers(BreakerPolicy.builder().failureThreshold(1).build());
    ProxyClient client = harness.client();
    assertThatThrownBy(() -> harness.get(origin.uri())).isInstanceOf(RequestFailed.class);
    proxy.behave(Script.of(Behaviour.forward()));
    long connections = proxy.connectionCount();

    RequestRefused refused =
        catchThrowableOfType(RequestRefused.class, () -> harness.get(origin.uri()));

    assertThat(refused.reason()).isEqualTo(RequestRefused.Reason.ALL_PROXIES_UNAVAILABLE);
    assertThat(refused).hasMessageContaining("all 1 proxies are unavailable");
    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
    assertThat(proxy.connectionCount()).isEqualTo(connections);
    client.reset(client.proxies().getFirst().id());
    assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");
    assertThatThrownBy(() -> client.reset("nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("proxies()");
  }

  @Test
  void anEmptyPoolRefusesAtOnce() {
    RequestRefused refused =
        catchThrowableOfType(
            RequestRefused.class, () -> harness.get(URI.create("http://target.example/")));

    assertThat(refused.reason()).isEqualTo(RequestRefused.Reason.NO_PROXIES);
  }

  @Test
  void aTooSlowPolicyIsCutToWhatFits() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.proxy(Kind.HTTP);
    RetryPolicy fixed =
        RetryPolicy.named("quicker")
            .maxAttempts(2)
            .backoff(Backoff.fixed(millis(100)))
            .timeout(Duration.ofSeconds(3))
            .build();
    harness.builder().policy(fixed);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(waits(response.report())).containsExactly(millis(100));
    assertThat(response.report().took()).isLessThan(Duration.ofSeconds(3));
  }
}
