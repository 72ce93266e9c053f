package dev.belay.chaos.inject.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorClientTest {
  private static final FaultPlan PLAN =
      new FaultPlan(
          List.of(Fault.at(Edge.into("pricing"), new Effect.Abort(503))), Duration.ofMillis(1_500));
  private static final Wire.Answer OK = new Wire.Answer(200, "{}");

  private final VirtualTime time = new VirtualTime();
  private final List<String> asked = new ArrayList<>();
  private final List<Duration> moments = new ArrayList<>();
  private Wire executor = ask -> OK;

  private static final ExecutorSettings SETTINGS =
      ExecutorSettings.of(URI.create("http://127.0.0.1:1"), "s1");

  private final ExecutorClient client = client(SETTINGS, Runnable::run);

  private ExecutorClient client(ExecutorSettings settings, Executor executor) {
    return new ExecutorClient(
        settings,
        new ExecutorClient.Surroundings(time, new Random(5), executor),
        this::send,
        () -> {});
  }

  private Wire.Answer send(Wire.Ask ask) throws IOException, InterruptedException {
    asked.add(ask.method() + " " + ask.path());
    moments.add(time.passed());
    return executor.send(ask);
  }

  private Observation seen() {
    return new Observation(
        "GET /",
        Observation.Reply.of(200, Duration.ofMillis(5)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        time.instant());
  }

  private Observation tryPlan() throws Exception {
    return client.applyAndObserve(PLAN, Duration.ofSeconds(10), (plan, timeout) -> seen());
  }

  private Observation tryFor(Duration length, ExecutorClient with) throws Exception {
    FaultPlan lasting = new FaultPlan(PLAN.faults(), Duration.ofSeconds(60));
    return with.applyAndObserve(
        lasting,
        length,
        (plan, timeout) -> {
          time.sleep(length.toNanos());
          return seen();
        });
  }

  private long asked(String what) {
    return asked.stream().filter(ask -> ask.contains(what)).count();
  }

  private void unavailable() {
    assertThatThrownBy(this::tryPlan)
        .isInstanceOfSatisfying(
            ExecutorException.class,
            failure -> assertThat(failure.code()).isEqualTo(Code.EXECUTOR_UNAVAILABLE));
  }

  private static Wire.Answer published(Wire.Ask ask) {
    if (ask.path().startsWith("/v1/faults")) {
      return new Wire.Answer(404, "404 page not found");
    }
    return ask.method().equals("POST") ? new Wire.Answer(201, ask.body().orElse("")) : OK;
  }

  private static Wire.Answer refuse(Wire.Ask ask) throws IOException {
    throw new ConnectException("refused " + ask.path());
  }

  @Nested
  class WhenItFails {
    @Test
    void triesFiveTimesAtTheWaitsThatAreAskedFor() {
      executor = ExecutorClientTest::refuse;

      unavailable();

      double[] expected = {0, 500, 1_500, 3_500, 7_500};
      assertThat(moments).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) moments.get(i).toMillis())
            .isCloseTo(expected[i], within(expected[i] / 10 + 1));
      }
      assertThat(moments.get(1)).isNotEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void triesAgainOnAStatusThatMayPass(int status) throws Exception {
      executor = ask -> asked.size() < 3 ? new Wire.Answer(status, "") : published(ask);

      tryPlan();

      assertThat(client.metrics().attempts().retries()).isEqualTo(2);
      assertThat(client.metrics().attempts().successfulRetries()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 409, 501})
    void doesNotTryAgainWhatCannotHelp(int status) {
      executor = ask -> new Wire.Answer(status, "{\"error\":\"no\"}");

      assertThatThrownBy(ExecutorClientTest.this::tryPlan)
          .isInstanceOfSatisfying(
              ExecutorException.class,
              failure -> assertThat(failure.code()).isEqualTo(Code.EXECUTOR_REFUSED))
          .hasMessageContaining("status " + status);
      assertThat(asked).hasSize(1);
    }

    @Test
    void countsTimeoutsAndBrokenConnectionsApart() {
      executor =
          ask -> {
            time.advance(Duration.ofSeconds(30));
            throw switch (asked.size()) {
              case 1, 2 -> new SocketTimeoutException("late");
              case 3 -> new UnknownHostException("nowhere");
              default -> new ConnectException("refused");
            };
          };

      unavailable();

      ExecutorMetrics metrics = client.metrics();
      assertThat(metrics.attempts().timeouts()).isEqualTo(2);
      assertThat(metrics.attempts().connectionErrors()).isEqualTo(3);
      assertThat(metrics.total()).isEqualTo(1);
      assertThat(metrics.failed()).isEqualTo(1);
      assertThat(metrics.latency().p99()).isGreaterThan(Duration.ofSeconds(150));
    }

    @Test
    void isLeftAloneAfterFiveFailedCallsAndAskedOnceAMinuteLater() throws Exception {
      executor = ExecutorClientTest::refuse;
      for (int i = 0; i < 5; i++) {
        assertThat(client.isOpen()).isFalse();
        unavailable();
      }
      assertThat(asked).hasSize(25);
      assertThat(client.isOpen()).isTrue();
      Duration before = time.passed();

      unavailable();

      assertThat(asked).hasSize(25);
      assertThat(time.passed()).isEqualTo(before);
      time.advance(Duration.ofSeconds(60));
      unavailable(); // the probe, which fails
      assertThat(asked).hasSize(30);
      assertThat(client.isOpen()).isTrue();
      unavailable();
      assertThat(asked).hasSize(30);
      time.advance(Duration.ofSeconds(60));
      executor = ExecutorClientTest::published;
      tryPlan();
      assertThat(client.isOpen()).isFalse();
      assertThat(client.metrics().breakerOpens()).isEqualTo(2);
    }

    @Test
    void isNotAskedToTakeBackWhatItWasNeverAskedToPutInForce() throws Exception {
      executor = ExecutorClientTest::published;
      tryPlan();
      executor = ExecutorClientTest::refuse;
      while (!client.isOpen()) {
        unavailable();
      }
      int before = asked.size();
      Duration passed = time.passed();

      unavailable();

      assertThat(asked).hasSize(before);
      assertThat(time.passed()).isEqualTo(passed);
      assertThat(client.metrics().failed()).isPositive();
    }
  }

  @Nested
  class WithPublishedExecutors {
    @Test
    void putsAPolicyAndDeletesIt() throws Exception {
      List<String> bodies = new ArrayList<>();
      executor =
          ask -> {
            ask.body().ifPresent(bodies::add);
            return published(ask);
          };

      Observation observed = tryPlan();

      assertThat(observed).isEqualTo(seen());
      assertThat(asked.get(0)).isEqualTo("GET /v1/faults");
      assertThat(asked.get(1)).isEqualTo("POST /v1/policies");
      assertThat(asked.get(2)).startsWith("DELETE /v1/policies/s1-");
      assertThat(asked).hasSize(3);
      assertThat(bodies.getFirst())
          .contains("\"selector\":{\"service\":\"pricing\"}")
          .contains("\"duration_seconds\":2")
          .contains("\"abort\":{\"httpStatus\":503}")
          .contains("\"percentage\":100")
          .contains("\"path\":{\"prefix\":\"/\"}");
    }

    @Test
    void deletesEvenWhatCouldNotBePutWhole() {
      executor =
          ask ->
              ask.method().equals("POST") && asked.size() > 2
                  ? new Wire.Answer(400, "{}")
                  : published(ask);
      FaultPlan two =
          PLAN.and(Fault.at(Edge.into("stock"), new Effect.Delay(Duration.ofMillis(5))));

      assertThatThrownBy(
              () -> client.applyAndObserve(two, Duration.ofSeconds(1), (plan, timeout) -> seen()))
          .isInstanceOf(ExecutorException.class);

      assertThat(asked.stream().filter(ask -> ask.startsWith("DELETE"))).hasSize(2);
    }

    @Test
    void deletesWhenTheObserverFails() {
      executor = ExecutorClientTest::published;

      assertThatThrownBy(() ->
              client.applyAndObserve(
                  PLAN,
                  Duration.ofSeconds(1),
                  (plan, timeout) -> {
                    throw new TargetFailed("nobody there");
                  }))
          .isInstanceOf(TargetFailed.class);

      assertThat(asked.getLast()).startsWith("DELETE");
    }

    @Test
    void deletesWhenTheThreadIsInterrupted() {
      executor = ExecutorClientTest::published;

      assertThatThrownBy(() ->
              client.applyAndObserve(
                  PLAN,
                  Duration.ofSeconds(1),
                  (plan, timeout) -> {
                    Thread.currentThread().interrupt();
                    time.sleep(1);
                    return seen();
                  }))
          .isInstanceOf(InterruptedException.class);

      assertThat(asked.getLast()).startsWith("DELETE");
    }

    @Test
    void goesOnDeletingWhenTheThreadIsInterruptedBetweenTwoTries() throws Exception {
      executor =
          ask -> {
            if (ask.method().equals("DELETE") && asked("DELETE") < 3) {
              Thread.currentThread().interrupt();
              return new Wire.Answer(503, "");
            }
            return published(ask);
          };

      assertThat(tryPlan()).isEqualTo(seen());

      assertThat(Thread.interrupted()).isTrue();
      assertThat(asked("DELETE")).isEqualTo(3);
    }

    @Test
    void deletesAgainWhenTheThreadIsInterruptedDuringTheDelete() {
      executor =
          ask -> {
            if (ask.method().equals("DELETE") && asked("DELETE") == 1) {
              throw new InterruptedException();
            }
            return published(ask);
          };

      assertThatThrownBy(() ->
              client.applyAndObserve(
                  PLAN,
                  Duration.ofSeconds(1),
                  (plan, timeout) -> {
                    throw new InterruptedException("broken off");
                  }))
          .isInstanceOf(InterruptedException.class)
          .hasMessage("broken off");

      assertThat(Thread.interrupted()).isTrue();
      assertThat(asked("DELETE")).isEqualTo(2);
      assertThat(time.passed()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void letsAPolicyLastForAsLongAsItIsWaitedForAndForItsOwnLifeAfterThat() throws Exception {
      List<String> bodies = new ArrayList<>();
      executor =
          ask -> {
            ask.body().ifPresent(bodies::add);
            return published(ask);
          };
      ExecutorSettings settling = SETTINGS.withSettle(Duration.ofSeconds(31));

      client(settling, Runnable::run)
          .applyAndObserve(PLAN, Duration.ofSeconds(1), (plan, timeout) -> seen());

      assertThat(bodies.getFirst()).contains("\"duration_seconds\":33");
    }

    @Test
    void refusesAPlanThatWouldLastForLongerThanAnyPlanMay() {
      executor = ExecutorClientTest::published;
      FaultPlan longest = new FaultPlan(PLAN.faults(), Duration.ofHours(1));
      ExecutorSettings settling = SETTINGS.withSettle(Duration.ofSeconds(31));

      assertThatThrownBy(() ->
              client(settling, Runnable::run)
                  .applyAndObserve(longest, Duration.ofSeconds(1), (plan, timeout) -> seen()))
          .isInstanceOfSatisfying(
              ExecutorException.class,
              failure -> assertThat(failure.code()).isEqualTo(Code.EXECUTOR_REFUSED))
          .hasMessageContaining("duration_ms of the plan and settle must be at most PT1H together")
          .hasMessageContaining("were PT1H and PT31S");
      assertThat(asked("POST")).isZero();
    }

    @Test
    void failsIfThePlanIsOverBeforeAnybodyLooks() {
      executor =
          ask -> {
            if (ask.method().equals("POST")) {
              time.advance(Duration.ofSeconds(3));
            }
            return published(ask);
          };

      assertThatThrownBy(ExecutorClientTest.this::tryPlan)
          .isInstanceOfSatisfying(
              ExecutorException.class,
              failure -> assertThat(failure.code()).isEqualTo(Code.FAULTS_GONE));
      assertThat(asked.getLast()).startsWith("DELETE");
    }

    @Test
    void takesADeleteOfWhatIsGoneForASuccess() throws Exception {
      executor = ask -> ask.method().equals("DELETE") ? new Wire.Answer(404, "{}") : published(ask);

      assertThat(tryPlan()).isNotNull();
    }

    @Test
    void saysThatAFaultMayBeLeft() {
      executor = ask -> ask.method().equals("DELETE") ? refuse(ask) : published(ask);

      assertThatThrownBy(ExecutorClientTest.this::tryPlan)
          .isInstanceOfSatisfying(
              ExecutorException.class,
              failure -> assertThat(failure.code()).isEqualTo(Code.FAULTS_LEFT));
      assertThat(asked.stream().filter(ask -> ask.startsWith("DELETE"))).hasSize(5);
    }

    @Test
    void refusesAPlanThatTheyWouldGetWrong() {
      executor = ExecutorClientTest::published;
      for (Fault fault :
          List.of(
              Fault.at(Edge.into("a"), new Effect.Reset()),
              Fault.at(new Edge("a", "b"), new Effect.Abort(500)),
              new Fault(
                  Edge.into("a"),
                  new Effect.Abort(500),
                  dev.belay.chaos.Match.ALL,
                  100,
                  Duration.ZERO,
                  new Fault.Hits(1, 1)))) {
        assertThatThrownBy(() ->
                client.applyAndObserve(
                    FaultPlan.of(fault), Duration.ofSeconds(1), (plan, timeout) -> seen()))
            .hasMessageContaining("this executor");
      }
      assertThat(asked.stream().filter(ask -> ask.startsWith("POST"))).isEmpty();
    }
  }

  @Nested
  class WithOurExecutor {
    private int looks;

    private Wire.Answer ours(Wire.Ask ask) {
      if (ask.path().endsWith("/apply")) {
        return new Wire.Answer(200, "{\"apply_id\":\"x\",\"status\":\"applied\"}");
      }
      if (ask.path().endsWith("/status")) {
        int caughtUp = ++looks % 3 == 0 ? 2 : 1;
        return new Wire.Answer(
            200, "{\"status\":\"running\",\"agents\":2,\"applied_by\":%d}".formatted(caughtUp));
      }
      if (ask.path().endsWith("/metrics")) {
        return new Wire.Answer(
            200,
            "{\"receipts\":[{\"policy\":\"x\",\"rule\":0,\"kind\":\"abort\",\"from\":\"cart\","
                + "\"service\":\"pricing\",\"ts\":7}]}");
      }
      return OK;
    }

    @Test
    void waitsForTheDataPlanesAndBringsTheirReceipts() throws Exception {
      executor = this::ours;

      Observation observed = tryPlan();

      assertThat(observed.receipts()).hasSize(1);
      assertThat(observed.receipts().getFirst().edge()).isEqualTo(new Edge("cart", "pricing"));
      assertThat(looks).isEqualTo(6);
      assertThat(asked.stream().filter(ask -> ask.startsWith("DELETE /v1/faults/s1-"))).hasSize(1);
    }

    @Test
    void renewsTheLeaseWhileSomebodyObserves() throws Exception {
      executor = this::ours;

      client.applyAndObserve(
          PLAN,
          Duration.ofSeconds(60),
          (plan, timeout) -> {
            time.sleep(Duration.ofSeconds(16).toNanos());
            return seen();
          });
      time.advance(Duration.ofMinutes(1));

      assertThat(asked.stream().filter(ask -> ask.endsWith("/lease"))).hasSize(3);
    }

    @Test
    void renewsTheLeaseFromTheMomentThatAPlanIsInForce() throws Exception {
      executor = this::ours;
      ExecutorSettings slow =
          SETTINGS.withLease(Duration.ofSeconds(3)).withSettle(Duration.ofSeconds(20));

      assertThat(tryFor(Duration.ofMillis(500), client(slow, Runnable::run)).receipts()).hasSize(1);

      assertThat(asked("/lease")).isEqualTo(20);
    }

    @Test
    void renewsTheLeaseWhileDataPlanesAreWaitedFor() throws Exception {
      executor = ask -> ask.path().endsWith("/status") ? behind() : ours(ask);
      ExecutorSettings brief = SETTINGS.withLease(Duration.ofSeconds(3));

      Observation unused = tryFor(Duration.ofMillis(1), client(brief, Runnable::run));

      assertThat(asked("/lease")).isEqualTo(5);
    }

    private static Wire.Answer behind() {
      return new Wire.Answer(200, "{\"status\":\"running\",\"agents\":2,\"applied_by\":0}");
    }

    private void failsWithFaultsGone(Duration length, ExecutorClient with) {
      assertThatThrownBy(() -> tryFor(length, with))
          .isInstanceOfSatisfying(
              ExecutorException.class,
              failure -> assertThat(failure.code()).isEqualTo(Code.FAULTS_GONE))
          .hasMessageContaining("s1-");
    }

    @Test
    void failsWhenTheLeaseOfWhatIsGoneCannotBeRenewed() {
      executor =
          ask -> ask.path().endsWith("/lease") ? new Wire.Answer(404, "not found") : ours(ask);

      failsWithFaultsGone(Duration.ofSeconds(6), client);
      assertThat(asked("DELETE")).isEqualTo(1);
    }

    @Test
    void failsWhenAPlanIsGoneBeforeItIsTakenBackAndNoRenewalWasDue() {
      executor =
          ask ->
              ask.path().endsWith("/status") && asked("DELETE") > 0
                  ? new Wire.Answer(404, "not found")
                  : ours(ask);

      failsWithFaultsGone(Duration.ofSeconds(1), client);
    }

    @Test
    void failsWhenAPlanIsGoneBeforeAnybodyLooks() {
      executor =
          ask -> ask.path().endsWith("/status") ? new Wire.Answer(404, "not found") : ours(ask);

      failsWithFaultsGone(Duration.ofSeconds(1), client);
    }

    @Test
    void doesNotTakeItsOwnRemovalForALoss() throws Exception {
      List<Runnable> late = new ArrayList<>();
      executor =
          ask -> {
            if (ask.method().equals("DELETE")) {
              late.forEach(Runnable::run);
            }
            return ask.path().endsWith("/lease") ? new Wire.Answer(404, "not found") : ours(ask);
          };

      assertThat(tryFor(Duration.ofSeconds(6), client(SETTINGS, late::add)).receipts()).hasSize(1);
      assertThat(asked("/lease")).isEqualTo(1);
    }

    @Test
    void bearsThatAPlanEndsByItselfWhenItsTimeIsOver() throws Exception {
      executor =
          ask -> {
            boolean over = time.passed().compareTo(Duration.ofSeconds(60)) >= 0;
            boolean about =
                ask.path().startsWith("/v1/faults/s1-") || ask.path().endsWith("/lease");
            return over && about ? new Wire.Answer(404, "not found") : ours(ask);
          };

      assertThat(tryFor(Duration.ofSeconds(66), client)).isEqualTo(seen());
    }

    @Test
    void goesOnWhenADataPlaneDoesNotCatchUp() throws Exception {
      executor = ask -> ask.path().endsWith("/status") ? behind() : ours(ask);

      assertThat(tryFor(Duration.ofNanos(1), client).receipts()).hasSize(1);
      assertThat(time.passed()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    }

    @Test
    void saysWhyAPlanIsNotApplied() {
      executor =
          ask ->
              ask.path().endsWith("/apply")
                  ? new Wire.Answer(200, "{\"status\":\"failed\",\"message\":\"no such service\"}")
                  : ours(ask);

      assertThatThrownBy(ExecutorClientTest.this::tryPlan).hasMessageContaining("no such service");
    }
  }

  @Nested
  class Health {
    @Test
    void isAskedForOnceAMinute() throws Exception {
      assertThat(client.checkHealth()).isTrue();
      executor = ExecutorClientTest::refuse;
      time.advance(Duration.ofSeconds(59));
      assertThat(client.checkHealth()).isTrue();
      time.advance(Duration.ofSeconds(1));

      assertThat(client.checkHealth()).isFalse();
      assertThat(asked).containsExactly("GET /v1/health", "GET /v1/health");
    }

    @Test
    void isWatchedUntilTheClientIsClosed() {
      client.watchHealth();
      time.advance(Duration.ofSeconds(125));
      client.close();
      time.advance(Duration.ofMinutes(10));

      assertThat(moments)
          .containsExactly(Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(120));
    }

    @Test
    void countsForTheBreakerToo() {
      executor = ExecutorClientTest::refuse;
      client.watchHealth();
      time.advance(Duration.ofMinutes(4));

      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void asksNothingOfTheExecutorForAPlanWithoutFaults() throws Exception {
    executor = ExecutorClientTest::refuse;

    assertThat(client.target((plan, timeout) -> seen(), Duration.ofSeconds(1)).run(FaultPlan.NONE))
        .isEqualTo(seen());
    assertThat(asked).isEmpty();
  }

  @Test
  void tellsTheSearchThatATrialCouldNotBeMade() {
    executor = ExecutorClientTest::refuse;

    assertThatThrownBy(
            () -> client.target((plan, timeout) -> seen(), Duration.ofSeconds(1)).run(PLAN))
        .isInstanceOf(TargetFailed.class)
        .hasMessageContaining("EXECUTOR_UNAVAILABLE");
  }

  @Test
  void sweepsWhatItsOwnerLeft() throws Exception {
    client.sweep();

    assertThat(asked).containsExactly("GET /v1/faults", "DELETE /v1/policies?owner=s1");
  }

  @Test
  void sweepsAPublishedExecutorByTheNamesOfItsOwner() throws Exception {
    executor =
        ask ->
            ask.path().equals("/v1/policies")
                ? new Wire.Answer(
                    200,
                    "{\"policies\":[{\"metadata\":{\"name\":\"s1-0000beef-1\"}},"
                        + "{\"metadata\":{\"name\":\"s1-of-others\"}}]}")
                : published(ask);

    client.sweep();

    assertThat(asked)
        .containsExactly("GET /v1/faults", "GET /v1/policies", "DELETE /v1/policies/s1-0000beef-1");
  }

  @Test
  void saysThatItCouldNotSweep() {
    executor = ask -> ask.method().equals("DELETE") ? new Wire.Answer(405, "no") : OK;

    assertThatThrownBy(client::sweep).hasMessageContaining("status 405");
  }

  @Test
  void showsNoToken() {
    ExecutorSettings settings =
        ExecutorSettings.of(URI.create("http://127.0.0.1:1"), "s1").withToken("c4nary");

    assertThat(settings.toString()).doesNotContain("c4nary");
  }
}
