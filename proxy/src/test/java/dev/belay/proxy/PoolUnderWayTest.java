package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Endpoint;
import dev.belay.Recovery;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.health.Ipv6Door;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that changes while it is in use. */
@Timeout(60)
class PoolUnderWayTest {
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private List<String> names() {
    return harness.pool().upstreams().stream().map(Upstream::name).toList();
  }

  @Test
  void aRequestUnderWayEndsWellThoughThePoolIsEmptied() throws Exception {
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.ok("hello").delayed(Duration.ofMillis(500))));
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.start();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Client.Response> answer =
          CompletableFuture.supplyAsync(() -> get(origin), threads);
      assertThat(upstream.awaitRequests(1, Duration.ofSeconds(10))).isTrue();
      harness.pool().replace(List.of());

      assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("hello");
      assertThat(get(origin).status()).isEqualTo(503);
    }
    assertThat(origin.requestCount()).isEqualTo(1);
  }

  @Test
  void aRetryInAnEmptiedPoolIsRefusedAndNeverGoesDirectly() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    harness.upstream(
        Kind.HTTP,
        Script.answering(request -> {
          harness.pool().replace(List.of());
          return Behaviour.status(502);
        }));
    harness.start();

    Client.Response response = get(origin);
    assertThat(response.status()).isIn(502, 503);
    assertThat(origin.requestCount()).isZero();
    harness.awaitQuiet();
  }

  @Test
  void manyRequestsSurviveAPoolThatComesAndGoes() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy one = harness.upstream(Kind.HTTP);
    FaultyProxy two = harness.upstream(Kind.HTTP);
    harness.start();
    List<Entry> all = harness.pool().configured();
    Crowd.of(
        300,
        number -> {
          if (number % 10 == 0) {
            harness.pool().replace(number % 20 == 0 ? List.of() : all);
          }
          assertThat(get(origin).status()).isIn(200, 503);
        });
    harness.pool().replace(all);
    assertThat(get(origin).status()).isEqualTo(200);
    // through SOCKS one tunnel could carry several requests
    assertThat(origin.requestCount()).isLessThanOrEqualTo(one.requestCount() + two.requestCount());
    harness.awaitQuiet();
  }

  private Client.Response get(FaultyOrigin origin) {
    try {
      return harness.client().get(origin.uri("/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void goesThroughAProxyOverIpv6WithUnusualCredentials() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream =
        harness.closing(
            FaultyProxy.builder(Kind.HTTP)
                .credentials("us@r%", "p@ss:w%rd")
                .start(Script.of(Behaviour.forward())));
    Ipv6Door door = harness.closing(Ipv6Door.before(upstream.port()));
    harness.use("http://us%40r%25:p%40ss%3Aw%25rd@[::1]:" + door.port());
    harness.start();

    assertThat(get(origin).body()).isEqualTo("hello");
    assertThat(harness.client().getThroughConnect(origin.uri("/")).body()).isEqualTo("hello");
  }

  @Test
  void worksWithTenThousandProxies() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    harness.start();
    harness.pool().recoverBy(new Recovery(Duration.ofSeconds(30), 0.5));
    List<Entry> many =
        IntStream.range(0, 10_000)
            .mapToObj(i -> Entry.of("http://u" + i + ":p@127.0.0.1:" + upstream.port()))
            .toList();
    harness.pool().supply("many", many);
    assertThat(harness.pool().upstreams()).hasSize(10_001);

    for (int i = 0; i < 20; i++) {
      assertThat(get(origin).body()).isEqualTo("hello");
    }
  }

  @Test
  void aSparedProxyIsUsedWhenAllBreakersAreOpenAndTheOriginIsNeverReachedDirectly()
      throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy one = harness.upstream(Kind.HTTP);
    FaultyProxy two = harness.upstream(Kind.HTTP);
    harness.start();
    harness.pool().upstreams().forEach(upstream -> upstream.breaker().trip());
    assertThat(get(origin).status()).isEqualTo(503);
    harness.pool().recoverBy(new Recovery(Duration.ZERO, 0.5));

    assertThat(get(origin).status()).isEqualTo(200);
    assertThat(one.requestCount() + two.requestCount()).isEqualTo(1);
    assertThat(origin.requestCount()).isEqualTo(1);
  }

  @Test
  void aProxyThatStaysAsItWasIsTheSameOne() {
    UpstreamPool pool = harness.pool();
    pool.replace(List.of(Entry.of("http://a:1"), Entry.of("http://u:1@b:1")));
    Upstream a = pool.upstreams().getFirst();
    Upstream b = pool.upstreams().getLast();

    pool.replace(List.of(Entry.of("http://u:2@b:1"), Entry.of("http://a:1")));
    assertThat(pool.upstreams().getLast()).isSameAs(a);
    assertThat(pool.upstreams().getFirst()).isNotSameAs(b);
    assertThat(pool.upstreams().getFirst().breaker()).isSameAs(b.breaker());
  }

  @Test
  void whatIsConfiguredComesFirstAndSourcesInTheirOrder() {
    UpstreamPool pool = harness.pool();
    Endpoint.Traits dear = Endpoint.Traits.NONE.withCost(9);
    pool.supply("one", List.of(Entry.of("http://a:1"), Entry.of("http://b:1")));
    pool.supply("two", List.of(new Entry(ProxyAddress.parse("http://b:1"), dear)));
    pool.replace(List.of(new Entry(ProxyAddress.parse("http://a:1"), dear)));

    assertThat(names()).containsExactly("http://a:1", "http://b:1");
    assertThat(pool.upstreams().getFirst().traits().cost()).isEqualTo(9);
    assertThat(pool.upstreams().getLast().traits().cost()).isZero();
    pool.withdraw("one");
    assertThat(pool.upstreams().getLast().traits().cost()).isEqualTo(9);
    pool.withdraw("two");
    pool.withdraw("nobody");
    assertThat(names()).containsExactly("http://a:1");
    assertThat(pool.configured()).hasSize(1);
  }

  @Test
  void refusesAListInWhichAProxyStandsTwice() {
    UpstreamPool pool = harness.pool();
    List<Entry> twice = List.of(Entry.of("http://u:CANARY@a:1"), Entry.of("http://u:x@a:1"));

    assertThatThrownBy(() -> pool.replace(twice))
        .hasMessage("proxy http://a:1#aa2bc1aff186 is there twice");
    assertThatThrownBy(() -> pool.supply("x", twice)).hasMessageNotContaining("CANARY");
    assertThat(pool.upstreams()).isEmpty();
  }

  @Test
  void privateNetworksAreKnownByTheirText() {
    assertThat(PrivateNetworks.contain("10.0.0.1")).isTrue();
    assertThat(PrivateNetworks.contain("LOCALHOST")).isTrue();
    assertThat(PrivateNetworks.contain(InetAddress.getLoopbackAddress())).isTrue();
    assertThat(PrivateNetworks.contain("::1")).isTrue();
    assertThat(PrivateNetworks.contain("203.0.114.1")).isFalse();
    assertThat(PrivateNetworks.contain("proxy.example.com")).isFalse();
  }
}
