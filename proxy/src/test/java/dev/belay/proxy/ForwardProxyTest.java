package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerState;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ForwardProxyTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @EnumSource
  void requestsInAbsoluteFormGoThroughEveryKindOfProxy(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = harness.upstream(kind, Script.of(Behaviour.forward()));
    harness.start();

    Client.Response response = harness.client().get(origin.uri("/x?y=1"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(upstream.requestCount()).isEqualTo(1);
    assertThat(origin.requests().getFirst().target()).isEqualTo("/x?y=1");
    assertThat(origin.requests().getFirst().header("Host")).contains("127.0.0.1:" + origin.port());
  }

  @ParameterizedTest
  @EnumSource
  void tunnelsGoThroughEveryKindOfProxy(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = harness.upstream(kind, Script.of(Behaviour.forward()));
    harness.start();

    Client.Response byConnect = harness.client().getThroughConnect(origin.uri("/"));
    Client.Response bySocks = harness.client().getThroughSocks(origin.uri("/"));

    assertThat(byConnect.body()).isEqualTo("hello");
    assertThat(bySocks.body()).isEqualTo("hello");
    assertThat(upstream.requestCount()).isEqualTo(2);
    assertThat(upstream.requests()).allMatch(request -> request.isTunnel());
  }

  @Nested
  class Failover {
    @Test
    void aRequestMovesToAnotherProxyWhenOneIsDead() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
      FaultyProxy dead = harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      FaultyProxy alive = harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      dead.kill();
      harness.start();

      Client.Response response = harness.client().get(origin.uri("/"));

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("X-Belay-Attempts")).isEqualTo("2");
      assertThat(alive.requestCount()).isEqualTo(1);
    }

    @Test
    void aTunnelMovesToAnotherProxyEvenForAPost() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.echo()));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.status(502)));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.halfLine()));
      harness.upstream(Kind.SOCKS5, Script.of(Behaviour.reject(1)));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();

      Client.Response response =
          harness.client().throughConnect(origin.uri("/"), "POST", Map.of(), "body");

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).contains("body");
      assertThat(origin.requestCount()).isEqualTo(1);
    }

    @Test
    void aStatusOfThePolicyIsTriedAgainElsewhere() throws Exception {
      FaultyOrigin origin =
          harness.origin(Script.phases(1, Script.of(Reply.status(503)), Script.of(Reply.ok("ok"))));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();
      assertThat(harness.client().get(origin.uri("/")).body()).isEqualTo("ok");
    }

    @Test
    void theLastAnswerIsHandedBackWhenTriesAreUsedUp() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.status(503).body("down")));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();
      Client.Response response = harness.client().get(origin.uri("/"));
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("down");
    }

    @Test
    void aStatusThatIsNotListedIsReturnedAsItIs() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.status(500)));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(500);
      assertThat(origin.requestCount()).isEqualTo(1);
    }

    @Test
    void aPostIsNotRepeatedOnceItMayHaveBeenSeen() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.reset()));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();
      Client.Response response = harness.client().send(origin.uri("/"), "POST", Map.of(), "once");
      assertThat(response.status()).isEqualTo(502);
      assertThat(origin.requestCount()).isEqualTo(1);
    }

    @Test
    void aPostIsRepeatedWhileNothingWasSent() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.echo()));
      FaultyProxy dead = harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      dead.kill();
      harness.start();
      Client.Response response = harness.client().send(origin.uri("/"), "POST", Map.of(), "twice");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).contains("twice");
    }

    @Test
    void aPostIsRepeatedWhenTheProxyOpensNoTunnel() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.echo()));
      harness.upstream(Kind.SOCKS5, Script.of(Behaviour.reject(1)));
      harness.upstream(Kind.SOCKS5, Script.of(Behaviour.garbage(new byte[] {9, 9})));
      harness.upstream(Kind.SOCKS5, Script.of(Behaviour.forward()));
      harness.start();
      for (int i = 0; i < 2; i++) {
        Client.Response response =
            harness.client().send(origin.uri("/"), "POST", Map.of(), "third time");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).contains("third time");
      }
      assertThat(origin.requestCount()).isEqualTo(2);
    }

    @Test
    void wrongCredentialsMoveOnAtOnce() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.wrongCredentials()));
      harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(200);
      assertThat(harness.client().getThroughConnect(origin.uri("/")).status()).isEqualTo(200);
    }
  }

  @Nested
  class WhenNothingWorks {
    @Test
    void anEmptyPoolAnswersAtOnceAndSaysWhy() throws Exception {
      harness.start();
      Client.Response response = harness.client().get(java.net.URI.create("http://example.test/"));
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.header("Retry-After")).isNotEmpty();
      assertThat(response.body()).contains("PROXY_POOL_EMPTY");
    }

    @Test
    void openBreakersAnswerAtOnceWithTheEarliestTest() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
      FaultyProxy upstream = harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      harness.start();
      harness.pool().upstreams().getFirst().breaker().trip();

      Client.Response response = harness.client().get(origin.uri("/"));
      Client.Response tunnel = harness.client().getThroughConnect(origin.uri("/"));

      assertThat(response.status()).isEqualTo(503);
      assertThat(Integer.parseInt(response.header("Retry-After"))).isBetween(25, 30);
      assertThat(response.body())
          .contains("Service Temporarily Unavailable: all 1 proxies are unavailable");
      assertThat(tunnel.status()).isEqualTo(503);
      assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void aDeadTargetOpensNoBreakerOfHealthyProxies() throws Exception {
      int nobody = harness.closedPort();
      for (int i = 0; i < 4; i++) {
        harness.upstream(Kind.HTTP, Script.of(Behaviour.forward()));
      }
      harness.start();
      java.net.URI target = java.net.URI.create("http://127.0.0.1:" + nobody + "/");
      for (int i = 0; i < 12; i++) {
        assertThat(harness.client().getThroughConnect(target).status()).isGreaterThanOrEqualTo(500);
        assertThat(harness.client().get(target).status()).isGreaterThanOrEqualTo(500);
      }
      assertThat(harness.pool().upstreams())
          .allMatch(upstream -> upstream.breaker().snapshot().state() == BreakerState.CLOSED);
      assertThat(harness.client().getThroughConnect(target).body()).contains("TARGET_UNREACHABLE");
    }

    @Test
    void neverGoesDirect() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
      FaultyProxy dead = harness.upstream(Kind.SOCKS5, Script.of(Behaviour.forward()));
      dead.kill();
      harness.start();
      assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(502);
      assertThat(harness.client().getThroughConnect(origin.uri("/")).status()).isEqualTo(502);
      assertThat(origin.connectionCount()).isZero();
    }
  }

  @Test
  void onlyTheMethodsOfTheSettingsAreTriedAgainOnceTheyWereSent() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.upstream(Kind.HTTP);
    harness.settings(harness.settings().withRetryMethods(Set.of("GET", "PUT")));
    harness.start();

    harness.client().send(origin.uri("/"), "PUT", Map.of(), "body");
    assertThat(origin.requestCount()).isEqualTo(4);

    harness.client().send(origin.uri("/"), "DELETE", Map.of(), "");
    assertThat(origin.requestCount()).isEqualTo(5);
  }
}
