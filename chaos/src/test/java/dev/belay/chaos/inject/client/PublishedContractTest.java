package dev.belay.chaos.inject.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.chaos.Limit;
import dev.belay.testkit.chaos.PublishedExecutor;
import dev.belay.testkit.chaos.PublishedPlane;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our client with a published executor that has all its limits. */
@Timeout(60)
class PublishedContractTest {
  private static final Duration A_POLL = Duration.ofSeconds(31);
  private static final FaultPlan PLAN =
      new FaultPlan(
          List.of(Fault.at(Edge.into("pricing"), new Effect.Abort(503))), Duration.ofSeconds(20));

  private final FaultyOrigin service = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private final PublishedExecutor executor = PublishedExecutor.start();
  private final PublishedPlane plane = executor.plane("pricing", service.uri());
  private final HttpClient http =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
  private final ExecutorClient client =
      new ExecutorClient(
          ExecutorSettings.of(executor.uri(), "s1"),
          new ExecutorClient.Surroundings(
              Time.system(), new Random(3), Thread::startVirtualThread));

  @AfterEach
  void close() {
    client.close();
    executor.close();
    service.close();
    http.close();
  }

  private int status() throws IOException, InterruptedException {
    URI path = plane.uri("/price");
    return http.send(HttpRequest.newBuilder(path).build(), BodyHandlers.discarding()).statusCode();
  }

  private Observation look(FaultPlan plan, Duration timeout)
      throws TargetFailed, InterruptedException {
    executor.pass(A_POLL);
    try {
      return seen(status());
    } catch (IOException broken) {
      throw new TargetFailed("no answer", broken);
    }
  }

  private static Observation seen(int status) {
    return new Observation(
        "GET /price",
        Observation.Reply.of(status, Duration.ofMillis(1)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        Time.system().instant());
  }

  @Test
  void findsItWell() throws Exception {
    assertThat(client.checkHealth()).isTrue();
  }

  @Test
  void leavesNoPolicyThere() throws Exception {
    FaultPlan lasting = new FaultPlan(PLAN.faults(), Duration.ofSeconds(60));
    Observation seen = client.applyAndObserve(lasting, Duration.ofSeconds(10), this::look);

    assertThat(seen.reply().status()).hasValue(503);
    assertThat(executor.policies()).isEmpty();
    executor.pass(A_POLL);
    assertThat(status()).isEqualTo(200);
  }

  @Test
  void alwaysSetsATimeSoThatItEndsEvenIfNobodyDeletesIt() throws Exception {
    assertThatThrownBy(() ->
            client.applyAndObserve(
                PLAN,
                Duration.ofSeconds(1),
                (plan, timeout) -> {
                  assertThat(executor.policies()).hasSize(1);
                  executor.pass(Duration.ofSeconds(20));
                  assertThat(executor.policies()).isEmpty();
                  throw new TargetFailed("as meant");
                }))
        .hasMessage("as meant");
  }

  private void put(String name) throws IOException, InterruptedException {
    HttpRequest put =
        HttpRequest.newBuilder(executor.uri("/v1/policies"))
            .POST(
                BodyPublishers.ofString(
                    """
                    {"metadata":{"name":"%s"},"spec":{"rules":[{"match":{"path":{"prefix":"/"}},
                      "fault":{"percentage":100,"duration_seconds":300,"abort":{"httpStatus":500}}}]}}
                    """
                        .formatted(name)))
            .build();
    assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
  }

  @Test
  void sweepsWhatAKilledProcessOfItsOwnerLeftAndNothingOfOthers() throws Exception {
    for (String name :
        List.of(
            "s1-0000beef-1",
            "s1-0000beef-1-1",
            "s1-89abcdef-12",
            "s1",
            "s1-by-hand",
            "s10-0000beef-1",
            "s1-two-0000beef-1",
            "of-others")) {
      put(name);
    }

    client.sweep();

    assertThat(executor.policies())
        .containsExactlyInAnyOrder(
            "s1", "s1-by-hand", "s10-0000beef-1", "s1-two-0000beef-1", "of-others");
    client.sweep();
    assertThat(executor.policies()).hasSize(5);
  }

  @Test
  void sweepsWhatItsOwnPlansWouldLeave() throws Exception {
    FaultPlan two = PLAN.and(Fault.at(Edge.into("stock"), new Effect.Delay(Duration.ofMillis(5))));

    Observation unused =
        client.applyAndObserve(
            two,
            Duration.ofSeconds(10),
            (plan, timeout) -> {
              assertThat(executor.policies()).hasSize(2);
              try {
                client.sweep();
              } catch (ExecutorException failed) {
                throw new TargetFailed("not swept", failed);
              }
              assertThat(executor.policies()).isEmpty();
              return look(plan, timeout);
            });
  }

  /** The executor's time goes on with that of a client. */
  private void together(VirtualTime time) {
    Time.Timer unused =
        time.after(
            Duration.ofSeconds(1).toNanos(),
            Runnable::run,
            () -> {
              executor.pass(Duration.ofSeconds(1));
              together(time);
            });
  }

  @Test
  void isInForceForItsWholeLifeOnceItIsLookedAt() throws Exception {
    VirtualTime time = new VirtualTime();
    together(time);
    ExecutorSettings settling =
        ExecutorSettings.of(executor.uri(), "s1").withSettle(Duration.ofSeconds(31));
    try (ExecutorClient patient =
        new ExecutorClient(
            settling, new ExecutorClient.Surroundings(time, new Random(3), Runnable::run))) {
      Observation unused =
          patient.applyAndObserve(
              PLAN,
              Duration.ofSeconds(30),
              (plan, timeout) -> {
                assertThat(executor.policies()).hasSize(1);
                time.sleep(Duration.ofSeconds(19).toNanos());
                assertThat(executor.policies()).hasSize(1);
                time.sleep(Duration.ofSeconds(1).toNanos());
                assertThat(executor.policies()).isEmpty();
                return look(plan, timeout);
              });
    }
  }

  @Test
  void takesItsFaultsBackEvenIfItsThreadIsInterruptedMeanwhile() throws Exception {
    Thread trial = Thread.currentThread();
    List<String> deletes = new CopyOnWriteArrayList<>();
    FaultyOrigin interrupting =
        FaultyOrigin.start(
            Script.answering(request -> {
              if (request.method().equals("DELETE")) {
                deletes.add(request.path());
                if (deletes.size() == 1) {
                  trial.interrupt();
                  return Reply.ok("{}").delayed(Duration.ofSeconds(20));
                }
              }
              return request.path().equals("/v1/faults") ? Reply.status(404) : Reply.ok("{}");
            }));
    try (interrupting;
        ExecutorClient hurried =
            new ExecutorClient(
                ExecutorSettings.of(interrupting.uri(), "s1"),
                new ExecutorClient.Surroundings(
                    Time.system(), new Random(3), Thread::startVirtualThread))) {
      long begun = Time.system().nanos();

      Observation unused =
          hurried.applyAndObserve(PLAN, Duration.ofSeconds(10), (plan, timeout) -> seen(200));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(deletes).hasSize(2);
      assertThat(Duration.ofNanos(Time.system().nanos() - begun))
          .isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void hasTheLimitsThatAreKnownUnlessTheyAreLeftOut() throws Exception {
    client.applyAndObserve(
        new FaultPlan(PLAN.faults(), Duration.ofMinutes(5)),
        Duration.ofSeconds(10),
        (plan, timeout) -> {
          Observation first = look(plan, timeout);
          executor.control().kill();
          executor.pass(A_POLL); // fails, and no later one is tried
          executor.control().restart();
          return first;
        });
    executor.pass(Duration.ofMinutes(3));

    assertThat(executor.policies()).isEmpty();
    assertThat(status()).isEqualTo(503);
  }

  @Test
  void hearsAgainOnceThatLimitIsLeftOut() throws Exception {
    try (PublishedExecutor hearing = PublishedExecutor.without(Limit.DEAF_AFTER_A_FAILED_POLL)) {
      PublishedPlane front = hearing.plane("pricing", service.uri());
      hearing.control().kill();
      hearing.pass(A_POLL);
      hearing.control().restart();
      HttpRequest put =
          HttpRequest.newBuilder(hearing.uri("/v1/policies"))
              .POST(
                  BodyPublishers.ofString(
                      """
                      {"metadata":{"name":"p"},"spec":{"rules":[{"match":{"path":{"prefix":"/"}},
                        "fault":{"percentage":100,"abort":{"httpStatus":500}}}]}}
                      """))
              .build();
      assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
      hearing.pass(A_POLL);

      int struck = 0;
      for (int i = 0; i < 200; i++) {
        struck +=
            http.send(HttpRequest.newBuilder(front.uri("/")).build(), BodyHandlers.discarding())
                        .statusCode()
                    == 500
                ? 1
                : 0;
      }
      assertThat(struck).isBetween(180, 200);
    }
  }
}
