package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Backoff;
import dev.belay.BreakerEvent;
import dev.belay.BreakerSnapshot;
import dev.belay.BreakerState;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.ledger.Summary;
import dev.belay.ledger.Totals;
import dev.belay.proxy.client.ProxyClient;
import dev.belay.proxy.client.ProxyRequest;
import dev.belay.proxy.client.ProxyResponse;
import dev.belay.proxy.client.RequestFailed;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the guide to the proxy room, run as it stands there. */
@Timeout(60)
class ProxySnippetsTest {
  private final FaultyOrigin origin =
      FaultyOrigin.start(Script.of(Reply.status(503), Reply.ok("hello")));
  private final FaultyProxy good =
      FaultyProxy.builder(FaultyProxy.Kind.HTTP)
          .resolve("example.com", origin.port())
          .start(Script.of(Behaviour.forward()));
  private final FaultyProxy other =
      FaultyProxy.builder(FaultyProxy.Kind.HTTP)
          .resolve("example.com", origin.port())
          .start(Script.of(Behaviour.forward()));
  private final String one = "http://127.0.0.1:" + good.port();
  private final String two = "http://127.0.0.1:" + other.port();
  private final URI target = origin.uri("/");

  @AfterEach
  void close() throws Exception {
    good.close();
    other.close();
    origin.close();
  }

  private static String closed() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static ProxyClient client(String... proxies) {
    ProxyClient.Builder builder =
        ProxyClient.builder().policy(RetryPolicy.DEFAULT.toBuilder().maxAttempts(1).build());
    List.of(proxies).forEach(builder::proxy);
    return builder.build();
  }

  @Test
  void sendsARequestWithRetry() throws Exception {
    String three = closed();
    ProxyClient client = ProxyClient.builder().proxy(one).proxy(two).proxy(three).build();

    ProxyResponse page = client.send(ProxyRequest.get(URI.create("http://example.com/")));

    assertThat(page.text()).isEqualTo("hello");
    assertThat(page.report().attempts().size()).isBetween(2, 3);
    client.close();
  }

  @Test
  void failsWhenAllFail() throws Exception {
    ProxyClient client = client(closed(), closed());

    assertThatThrownBy(() -> client.send(ProxyRequest.get(target)))
        .isInstanceOf(RequestFailed.class);
    client.close();
  }

  @Test
  void takesAPolicyForAllRequests() throws Exception {
    RetryPolicy patient =
        RetryPolicy.named("patient")
            .maxAttempts(5)
            .backoff(Backoff.linear(Duration.ofSeconds(2)).withJitter(Jitter.PROPORTIONAL))
            .retryStatusCodes(Set.of(429, 502, 503, 504))
            .build();
    ProxyClient client = ProxyClient.builder().proxy(one).proxy(two).policy(patient).build();

    assertThat(client.send(ProxyRequest.get(target)).report().policy()).isEqualTo("patient");
    assertThat(patient.backoff().delay(3)).isEqualTo(Duration.ofSeconds(8));
    client.close();
  }

  @Test
  void doesWithoutRetry() throws Exception {
    ProxyClient client = ProxyClient.builder().proxy(one).build();

    ProxyResponse once =
        client.send(
            ProxyRequest.builder(ProxyRequest.Method.GET, target).policy(RetryPolicy.NONE).build());

    assertThat(once.status()).isEqualTo(503);
    client.close();
  }

  @Test
  void showsBreakersAndMetrics() throws Exception {
    ProxyClient client = ProxyClient.builder().proxy(one).build();
    assertThat(client.send(ProxyRequest.get(target)).text()).isEqualTo("hello");

    Map<String, BreakerSnapshot> breakers = client.circuitBreakers();

    Summary metrics = client.retryMetrics();
    SortedMap<Integer, Long> successByAttempt = metrics.totals().successByAttempt();
    List<BreakerEvent> events = client.ledger().breakerEvents(24).events();

    assertThat(breakers.values())
        .extracting(BreakerSnapshot::state)
        .containsExactly(BreakerState.CLOSED);
    assertThat(successByAttempt).containsExactly(Map.entry(1, 1L));
    assertThat(metrics.totals().retries()).isEqualTo(1);
    assertThat(events).isEmpty();
    client.close();
  }

  @Test
  void repeatsAnOrderOnlyIfAskedTo() throws Exception {
    ProxyClient client = ProxyClient.builder().proxy(one).proxy(two).build();
    ProxyRequest order =
        ProxyRequest.builder(ProxyRequest.Method.POST, target)
            .header("Content-Type", "application/json")
            .body("{\"item\": 7}")
            .policy(RetryPolicy.named("orders").retryNonIdempotent(true).build())
            .build();

    assertThat(client.send(order).status()).isEqualTo(200);
    assertThat(origin.requestCount()).isEqualTo(2);
    client.close();
  }

  @Test
  void anOrderIsSentOnceOtherwise() throws Exception {
    ProxyClient client = ProxyClient.builder().proxy(one).proxy(two).build();

    ProxyResponse once =
        client.send(
            ProxyRequest.builder(ProxyRequest.Method.POST, target).body("{\"item\": 7}").build());

    assertThat(once.status()).isEqualTo(503);
    assertThat(once.report().reason()).isEqualTo(StopReason.NOT_REPEATABLE);
    client.close();
  }

  @Test
  void boundsAndChoosesWhatIsRetried() throws Exception {
    RetryPolicy codes = RetryPolicy.named("codes").retryStatusCodes(Set.of(408, 503)).build();

    RetryPolicy bounded =
        RetryPolicy.named("bounded")
            .maxAttempts(5)
            .backoff(Backoff.exponential(Duration.ofSeconds(2)))
            .timeout(Duration.ofSeconds(15))
            .build();

    RetryPolicy quick =
        RetryPolicy.named("quick")
            .maxAttempts(2)
            .backoff(Backoff.fixed(Duration.ofMillis(500)))
            .timeout(Duration.ofSeconds(3))
            .build();

    List<RetryPolicy> recipes =
        List.of(RetryPolicy.highVolume(), RetryPolicy.rateLimited(), RetryPolicy.critical());

    ProxyClient client = ProxyClient.builder().proxy(one).proxy(two).build();
    for (RetryPolicy policy : List.of(quick, codes, bounded)) {
      ProxyResponse page =
          client.send(ProxyRequest.builder(ProxyRequest.Method.GET, target).policy(policy).build());
      assertThat(page.status()).isEqualTo(200);
    }
    assertThat(recipes)
        .extracting(RetryPolicy::name)
        .containsExactly("high-volume", "rate-limited", "critical");
    client.close();
  }

  @Test
  void exportsMetricsAgainAndAgain() throws Exception {
    ProxyClient client = ProxyClient.builder().proxy(one).build();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    Runnable export =
        () -> {
          Totals totals = client.retryMetrics().totals();
          System.out.printf(
              "{\"time\": \"%s\", \"retries\": %d, \"success_by_attempt\": \"%s\"}%n",
              Instant.now(), totals.retries(), totals.successByAttempt());
        };
    ScheduledFuture<?> exporting = timer.scheduleAtFixedRate(export, 0, 60, TimeUnit.SECONDS);

    assertThat(exporting.isCancelled()).isFalse();
    export.run();
    timer.shutdown();
    assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    client.close();
  }

  @Test
  void usesAProxyAtOnceThatWasReset() throws Exception {
    ProxyClient client = client(closed());
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> client.send(ProxyRequest.get(target)))
          .isInstanceOf(RequestFailed.class);
    }
    assertThat(client.proxies().getFirst().breaker().state()).isEqualTo(BreakerState.OPEN);

    client.reset(client.proxies().getFirst().id());

    assertThat(client.proxies().getFirst().breaker().state()).isEqualTo(BreakerState.CLOSED);
    client.close();
  }
}
