package dev.belay.chaos.inject.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.Aim;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.chaos.PublishedExecutor;
import dev.belay.testkit.chaos.PublishedPlane;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each limit of published executors, all of them at once, and what the client makes of it. */
@Timeout(60)
class PublishedLimitsClientTest {
  private static final Duration A_POLL = Duration.ofSeconds(31);
  private static final Fault ABORT = Fault.at(Edge.into("pricing"), new Effect.Abort(503));

  private final FaultyOrigin service = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private final PublishedExecutor executor = PublishedExecutor.start();
  private final PublishedPlane pricing = executor.plane("pricing", service.uri());
  private final PublishedPlane stock = executor.plane("stock", service.uri());
  private final HttpClient http =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();

  @AfterEach
  void close() {
    executor.close();
    service.close();
    http.close();
  }

  private ExecutorClient client(Aim aim) {
    return new ExecutorClient(
        ExecutorSettings.of(executor.uri(), "s1").withAim(aim),
        new ExecutorClient.Surroundings(Time.system(), new Random(3), Thread::startVirtualThread));
  }

  /** What an observer does meanwhile. */
  private interface Look {
    int status() throws IOException, InterruptedException;
  }

  private Observation apply(FaultPlan plan, Look look) throws Exception {
    try (ExecutorClient client = client(Aim.EVERYBODY)) {
      return client.applyAndObserve(plan, Duration.ofSeconds(10), (inForce, timeout) -> seen(look));
    }
  }

  private static Observation seen(Look look) throws TargetFailed, InterruptedException {
    try {
      return new Observation(
          "GET /",
          Observation.Reply.of(look.status(), Duration.ofMillis(1)),
          List.of(),
          Optional.empty(),
          List.of(),
          List.of(),
          Time.system().instant());
    } catch (IOException broken) {
      throw new TargetFailed("no answer", broken);
    }
  }

  private static FaultPlan lasting(int seconds, Fault... faults) {
    return new FaultPlan(List.of(faults), Duration.ofSeconds(seconds));
  }

  private int status(PublishedPlane plane) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(plane.uri("/")).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private int struck(PublishedPlane plane, int of) throws IOException, InterruptedException {
    int struck = 0;
    for (int i = 0; i < of; i++) {
      struck += status(plane) == 503 ? 1 : 0;
    }
    return struck;
  }

  private List<ReceivedRequest> puts() {
    return executor.control().requests().stream()
        .filter(request -> request.method().equals("POST"))
        .toList();
  }

  @Test
  void limit1AFaultThatADataPlaneGoesOnWithIsNotInForceAtTheControlPlane() throws Exception {
    apply(
        lasting(300, ABORT),
        () -> {
          executor.pass(A_POLL);
          executor.control().kill();
          executor.pass(A_POLL); // fails, and no later one is tried
          executor.control().restart();
          return 200;
        });

    assertThat(executor.policies()).isEmpty();
    assertThat(puts()).singleElement().asString().isNotEmpty();
    assertThat(puts().getFirst().bodyText()).contains("\"duration_seconds\":300");
  }

  @Test
  void limit2AFaultIsTakenBackAndNotLeftToItsAge() throws Exception {
    apply(
        lasting(60, ABORT),
        () -> {
          executor.pass(A_POLL);
          return status(pricing);
        });
    executor.pass(A_POLL);

    assertThat(struck(pricing, 20)).isZero();
  }

  @Test
  void limit3ARestartThatForgetsTheEndLeavesNothingInForce() throws Exception {
    apply(
        lasting(20, ABORT),
        () -> {
          executor.restart();
          executor.pass(A_POLL); // longer than its life
          assertThat(executor.policies()).hasSize(1);
          return 200;
        });

    assertThat(executor.policies()).isEmpty();
  }

  @Test
  void limit4TheOrderOfPoliciesChangesNothingSinceNoTwoMeanOneCall() throws Exception {
    Fault other = Fault.at(Edge.into("stock"), new Effect.Abort(503));
    apply(
        lasting(300, ABORT, other),
        () -> {
          for (int poll = 0; poll < 4; poll++) {
            executor.pass(A_POLL);
            assertThat(struck(pricing, 10)).isGreaterThan(5);
            assertThat(struck(stock, 10)).isGreaterThan(5);
          }
          return 503;
        });

    assertThat(puts()).hasSize(2);
    assertThat(executor.policies()).isEmpty();
  }

  @Test
  void limit5AHundredOfAHundredAreAlmostAll() throws Exception {
    apply(
        lasting(300, ABORT),
        () -> {
          executor.pass(A_POLL);
          assertThat(struck(pricing, 200)).isBetween(180, 200);
          return 503;
        });
  }

  @Test
  void limit6ASelectorIsKeptSinceTheApiIsUsedAndNotTheCommandLine() throws Exception {
    apply(
        lasting(300, ABORT),
        () -> {
          executor.pass(A_POLL);
          assertThat(struck(stock, 20)).isZero();
          return status(pricing);
        });
  }

  @Test
  void limit7WhatCannotBeMatchedIsRefusedBeforeAnythingIsInForce() {
    for (Aim aim :
        List.of(Aim.baggage("belay-chaos", "s1"), Aim.trace("4bf92f3577b34da6a3ce929d0e0e4736"))) {
      try (ExecutorClient client = client(aim)) {
        assertThatThrownBy(() ->
                client.applyAndObserve(
                    lasting(20, ABORT), Duration.ofSeconds(1), (plan, timeout) -> seen(() -> 200)))
            .isInstanceOfSatisfying(
                ExecutorException.class,
                refused ->
                    assertThat(refused.code()).isEqualTo(ExecutorException.Code.EXECUTOR_REFUSED))
            .hasMessageContaining("this executor");
      }
    }
    Fault cookie =
        new Fault(
            ABORT.edge(),
            ABORT.effect(),
            new Match(Optional.empty(), Optional.empty(), Map.of("Cookie", "a=b")),
            100,
            Duration.ZERO,
            Fault.Hits.ALL);
    assertThatThrownBy(() -> apply(lasting(20, cookie), () -> 200))
        .hasMessageContaining("never sees the header Cookie");
    assertThat(puts()).isEmpty();
  }

  @Test
  void limits8And9ADelayThatDoesNotHappenIsNotSaidToHaveStruck() throws Exception {
    Observation seen =
        apply(
            lasting(300, Fault.at(Edge.into("pricing"), new Effect.Delay(Duration.ofSeconds(20)))),
            () -> {
              executor.pass(A_POLL);
              return status(pricing);
            });

    assertThat(seen.reply().status()).hasValue(200);
    assertThat(seen.receipts()).isEmpty();
  }

  @Test
  void limit10NoRegularExpressionIsSent() throws Exception {
    apply(lasting(20, ABORT), () -> 200);

    assertThat(puts()).noneMatch(put -> put.bodyText().contains("regex"));
  }

  @Test
  void limit11WhatNobodyTellsIsNotMadeUp() throws Exception {
    Observation seen =
        apply(
            lasting(300, ABORT),
            () -> {
              executor.pass(A_POLL);
              return 503;
            });

    assertThat(seen.receipts()).isEmpty();
  }

  @Test
  void limit12NeitherAVersionNorTheStreamIsNeeded() throws Exception {
    apply(lasting(20, ABORT), () -> 200);

    assertThat(executor.control().requests())
        .extracting(ReceivedRequest::target)
        .noneMatch(target -> target.contains("stream") || target.contains("version"));
  }
}
