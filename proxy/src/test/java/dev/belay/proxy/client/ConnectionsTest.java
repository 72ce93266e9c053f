package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections: kept, bounded, closed when idle, and never to a target directly. */
@Timeout(60)
class ConnectionsTest {
  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private FaultyOrigin origin(boolean tls, Script<ReceivedRequest, Reply> script) throws Exception {
    return tls ? harness.tlsOrigin(script) : harness.origin(script);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConnectionServesOneRequestAfterAnother(boolean tls) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(Reply.ok("fine")));
    FaultyProxy proxy = harness.proxy(Kind.SOCKS5);

    for (int i = 0; i < 10; i++) {
      assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");
    }

    assertThat(proxy.connectionCount()).isEqualTo(1);
    assertThat(origin.connectionCount()).isEqualTo(1);
    assertThat(harness.client().connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKeptConnectionThatDiedIsNoFailureOfTheProxy(boolean tls) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(Reply.ok("fine").stale()));
    harness.proxy(Kind.SOCKS5);
    harness.builder().policy(RetryPolicy.NONE);

    for (int i = 0; i < 20; i++) {
      assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");
    }

    assertThat(harness.verdicts()).hasSize(20).containsOnly(Verdict.SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionsAreBoundedAndRequestsWaitForOne(boolean tls) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(Reply.ok("fine").delayed(Duration.ofMillis(20))));
    FaultyProxy proxy = harness.proxy(Kind.HTTP);
    harness.builder().limits(ClientLimits.DEFAULT.withConnections(3));
    List<CompletableFuture<ProxyResponse>> responses = new ArrayList<>();

    for (int i = 0; i < 30; i++) {
      responses.add(harness.client().sendAsync(ProxyRequest.get(origin.uri())));
    }
    for (CompletableFuture<ProxyResponse> response : responses) {
      assertThat(response.get(20, TimeUnit.SECONDS).text()).isEqualTo("fine");
    }

    assertThat(proxy.connectionCount()).isBetween(1L, 3L);
    assertThat(harness.verdicts()).hasSize(30).containsOnly(Verdict.SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionsThatNobodyUsesAreClosed(boolean tls) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(Reply.ok("fine")));
    FaultyProxy proxy = harness.proxy(Kind.HTTP);
    harness.builder().timeouts(ClientTimeouts.DEFAULT.withKeepAlive(Duration.ofMillis(100)));

    assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");

    ClientHarness.eventually("it is closed", () -> harness.client().connections() == 0);
    assertThat(proxy.awaitIdle(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void noMoreIdleConnectionsAreKeptThanAllowed() throws Exception {
    FaultyOrigin origin = harness.tlsOrigin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP);
    harness.builder().limits(ClientLimits.DEFAULT.withIdleConnections(0));

    assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");

    ClientHarness.eventually("it is closed", () -> harness.client().connections() == 0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTargetIsNeverReachedDirectlyWhateverProxiesDo(Kind kind) throws Exception {
    FaultyOrigin plain = harness.origin(Script.of(Reply.ok("leaked")));
    FaultyOrigin secure = harness.tlsOrigin(Script.of(Reply.ok("leaked")));
    List<Behaviour> wrongs =
        List.of(
            Behaviour.resetOnAccept(),
            Behaviour.status(502),
            Behaviour.garbage(new byte[] {1, 2, 3}),
            Behaviour.halfLine(),
            Behaviour.wrongCredentials());
    for (Behaviour wrong : wrongs) {
      harness.proxy(kind, Script.of(wrong));
    }
    harness.builder().breakers(BreakerPolicy.builder().failureThreshold(100).build());

    for (URI uri : List.of(plain.uri(), secure.uri())) {
      for (int i = 0; i < 5; i++) {
        try {
          assertThat(harness.get(uri).text()).isNotEqualTo("leaked");
        } catch (ProxyClientException expected) {
          assertThat(expected).isInstanceOfAny(RequestFailed.class, RequestRefused.class);
        }
      }
    }

    assertThat(plain.connectionCount()).isZero();
    assertThat(secure.connectionCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyRequestIsSeenByAProxy(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine").closing()));
    FaultyProxy proxy = harness.proxy(kind);

    for (int i = 0; i < 10; i++) {
      harness.get(origin.uri());
    }

    assertThat(proxy.requestCount()).isEqualTo(10);
    assertThat(origin.requestCount()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aThousandRequestsRunAtOnce(boolean tls) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(Reply.ok("fine").delayed(Duration.ofMillis(50))));
    FaultyProxy proxy = harness.proxy(Kind.HTTP);
    harness.proxy(Kind.SOCKS5);
    harness.builder().limits(ClientLimits.DEFAULT.withConnections(200));
    List<CompletableFuture<ProxyResponse>> responses = new ArrayList<>();

    for (int i = 0; i < 1_000; i++) {
      responses.add(harness.client().sendAsync(ProxyRequest.get(origin.uri())));
    }
    for (CompletableFuture<ProxyResponse> response : responses) {
      assertThat(response.get(50, TimeUnit.SECONDS).text()).isEqualTo("fine");
    }

    assertThat(proxy.connectionCount()).isLessThanOrEqualTo(200);
    assertThat(harness.client().retryMetrics().totals().requests().begun()).isEqualTo(1_000);
    harness.awaitQuiet();
  }

  @Test
  void aThousandRequestsRunAtOnceOverHttp2() throws Exception {
    Http2Origin origin = harness.http2Origin();
    harness.proxy(Kind.HTTP);
    harness.proxy(Kind.SOCKS5);
    List<CompletableFuture<ProxyResponse>> responses = new ArrayList<>();

    for (int i = 0; i < 1_000; i++) {
      responses.add(harness.client().sendAsync(ProxyRequest.get(origin.uri("/" + i))));
    }
    for (CompletableFuture<ProxyResponse> response : responses) {
      assertThat(response.get(50, TimeUnit.SECONDS).text()).isEqualTo("two");
    }

    assertThat(origin.seen()).hasSize(1_000);
    harness.awaitQuiet();
  }

  @Test
  void aPoolEmptiedMeanwhileRefusesWhatComesNext() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP);
    assertThat(harness.get(origin.uri()).text()).isEqualTo("fine");

    harness.client().pool().replace(List.of());

    assertThatThrownBy(() -> harness.get(origin.uri())).isInstanceOf(RequestRefused.class);
    assertThat(harness.client().circuitBreakers()).isEmpty();
  }
}
