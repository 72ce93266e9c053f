package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.ErrorClass;
import dev.belay.RetryPolicy;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DeadlineTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void policy(RetryPolicy.Builder policy) {
    harness.policy(policy.build());
  }

  private static RetryPolicy.Builder hasty() {
    return RetryPolicy.named("default")
        .maxAttempts(10)
        .backoff(Backoff.fixed(Duration.ofMillis(1)))
        .timeout(SHORT);
  }

  static Stream<Arguments> silences() {
    return Stream.of(Kind.values())
        .flatMap(kind ->
            Stream.of(Behaviour.hang(), Behaviour.hangOnAccept(), Behaviour.neverAnswerConnect())
                .map(behaviour -> Arguments.of(kind, behaviour)));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void noSilenceOutlivesTheDeadline(Kind kind, Behaviour silence) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
    FaultyProxy upstream = harness.upstream(kind, Script.of(silence));
    policy(hasty());
    harness.start();
    long start = System.nanoTime();

    Client.Response absolute = harness.client().get(origin.uri("/"));
    Client.Response tunnel = harness.client().getThroughConnect(origin.uri("/"));

    assertThat(absolute.status()).isEqualTo(504);
    assertThat(absolute.body()).contains("REQUEST_TIMEOUT", "\"reason\":\"DEADLINE\"");
    assertThat(tunnel.status()).isEqualTo(504);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    harness.awaitQuiet();
    origin.kill(); // a plain request of this proxy that waits for its target notices nothing else
    assertThat(upstream.awaitIdle(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void oneDeadlineSpansAllAttempts() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
    harness.upstream(Kind.HTTP);
    harness.upstream(Kind.SOCKS5);
    policy(hasty().attemptTimeout(Duration.ofMillis(150)));
    harness.start();
    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(504);
    assertThat(harness.verdicts()).hasSizeBetween(2, 3);
    assertThat(harness.verdicts()).allMatch(v -> v.errorClass() == ErrorClass.TIMEOUT);
    harness.awaitQuiet();
  }

  @Test
  void aWaitThatDoesNotFitIsNotBegun() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503).body("busy")));
    FaultyProxy upstream = harness.upstream(Kind.HTTP);
    policy(hasty().timeout(Duration.ofSeconds(8)).backoff(Backoff.fixed(Duration.ofSeconds(10))));
    harness.start();
    long start = System.nanoTime();
    assertThat(harness.client().get(origin.uri("/")).body()).isEqualTo("busy");
    upstream.behave(Script.of(Behaviour.status(503)));
    Client.Response tunnel = harness.client().getThroughConnect(origin.uri("/"));
    assertThat(tunnel.status()).isEqualTo(504);
    assertThat(tunnel.header("Retry-After")).isEqualTo("10");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aTargetThatHangsIsNotTheProxysFaultAlone() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
    harness.upstream(Kind.HTTP);
    policy(hasty());
    harness.start();
    harness.client().get(origin.uri("/"));
    assertThat(harness.verdicts().getFirst().blame()).isEqualTo(Blame.UNKNOWN);
  }

  @Test
  void aClientThatSendsTooSlowlyIsNobodysFaultButItsOwn() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("never")));
    harness.upstream(Kind.HTTP);
    policy(hasty());
    harness.start();
    String head = Raw.request("POST", origin.uri("/"), "part", "Content-Length: 100");
    try (Socket socket = harness.client().open(head)) {
      assertThat(Client.read(socket, "POST").status()).isEqualTo(504);
    }
    assertThat(harness.verdicts().getFirst().blame()).isEqualTo(Blame.CALLER);
    harness.awaitQuiet();
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesEndsItsAttemptAndCountsNeitherWay(Kind kind) throws Exception {
    FaultyProxy upstream = harness.upstream(kind, Script.of(Behaviour.hang()));
    harness.start();
    URI target = URI.create("http://127.0.0.1:9/");
    for (String request : new String[] {Raw.get(target), Raw.connect(target)}) {
      long before = upstream.requestCount();
      try (Socket socket = harness.client().open(request)) {
        assertThat(upstream.awaitRequests(before + 1, Duration.ofSeconds(5))).isTrue();
        assertThat(socket.isConnected()).isTrue();
      }
      harness.awaitQuiet();
      assertThat(upstream.awaitIdle(Duration.ofSeconds(5))).isTrue();
    }
    Upstream left = harness.pool().upstreams().getFirst();
    assertThat(left.breaker().snapshot().failureCount()).isZero();
    assertThat(left.stats().snapshot().failures()).isZero();
    assertThat(left.stats().snapshot().successes()).isZero();
  }

  @Test
  void aClientThatLeavesDuringAWaitEndsTheCall() throws Exception {
    FaultyProxy upstream = harness.upstream(Kind.HTTP, Script.of(Behaviour.status(503)));
    policy(
        RetryPolicy.named("default").maxAttempts(3).backoff(Backoff.fixed(Duration.ofSeconds(20))));
    harness.start();
    try (Socket socket = harness.client().open(Raw.get(URI.create("http://127.0.0.1:9/")))) {
      assertThat(upstream.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      assertThat(socket.isConnected()).isTrue();
    }
    harness.awaitQuiet();
    assertThat(upstream.requestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok", "404", "503", "reset", "hang", "leave", "truncated"})
  void aProbeComesBackOnEveryPath(String path) throws Exception {
    FaultyOrigin origin =
        harness.origin(
            Script.of(
                switch (path) {
                  case "404" -> Reply.status(404);
                  case "503" -> Reply.status(503);
                  case "reset" -> Reply.reset();
                  case "hang", "leave" -> Reply.hang();
                  case "truncated" -> Reply.ok("whole").truncatedAfter(2);
                  default -> Reply.ok("x");
                }));
    harness.upstream(Kind.SOCKS5);
    policy(hasty().maxAttempts(1));
    harness.start();
    harness.pool().updateBreakers(BreakerPolicy.builder().openFor(Duration.ofMillis(10)).build());
    Upstream upstream = harness.pool().upstreams().getFirst();
    upstream.breaker().trip();
    Eventually.holds(
        "half-open", () -> upstream.breaker().snapshot().state() == BreakerState.HALF_OPEN);

    try (Socket socket = harness.client().open(Raw.get(origin.uri("/")))) {
      if (path.equals("leave")) {
        assertThat(origin.awaitRequests(1, Duration.ofSeconds(5))).isTrue();
      } else {
        Client.read(socket, "GET");
      }
    } catch (IOException brokenOff) {
      assertThat(path).isEqualTo("truncated");
    }

    harness.awaitQuiet();
    // and it can be used again at once, or after its open time
    origin.behave(Script.of(Reply.ok("again")));
    Eventually.holds(
        "works again",
        () -> {
          try {
            return harness.client().get(origin.uri("/")).status() == 200;
          } catch (IOException e) {
            return false;
          }
        });
    assertThat(upstream.breaker().snapshot().state()).isEqualTo(BreakerState.CLOSED);
  }
}
