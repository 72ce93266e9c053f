package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.client.ExecutorSettings;
import dev.belay.chaos.inject.plane.ControlAddress;
import dev.belay.chaos.inject.plane.ControlLink;
import dev.belay.chaos.inject.plane.FaultPlane;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.inject.plane.PlaneSettings;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The client, the control plane and data planes together, on real sockets. */
@Timeout(120)
class FaultExecutorTest {
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Edge EDGE = new Edge("cart", "pricing");

  private final Time time = Time.system();
  private final FaultyOrigin service = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private final HttpClient http =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Api api = Api.start("", "");

  FaultExecutorTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    api.close();
    service.close();
    http.close();
  }

  private static RandomGenerator random() {
    return new Random(11);
  }

  /** A data plane in front of the service; gives the address of its port. */
  private URI plane(String id, LiveRules rules) throws IOException, InterruptedException {
    PlaneSettings settings =
        PlaneSettings.of(id, List.of(Front.of("pricing", service.port()).forCaller("cart")));
    ControlLink link =
        ControlLink.start(
            settings,
            new ControlAddress(URI.create(api.server().control()), Optional.empty()),
            rules,
            time);
    open.add(link);
    FaultPlane plane = FaultPlane.start(settings, rules, link::send, time);
    open.add(plane);
    return URI.create("http://127.0.0.1:%d/".formatted(plane.ports().getFirst()));
  }

  private LiveRules rules() {
    return new LiveRules(time, random(), LEASE);
  }

  private ExecutorClient client(Aim aim) {
    ExecutorClient client =
        new ExecutorClient(
            ExecutorSettings.of(URI.create(api.server().control()), "s1").withAim(aim),
            new ExecutorClient.Surroundings(time, random(), Thread::startVirtualThread));
    open.add(client);
    return client;
  }

  private int status(URI front, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(front).timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private Observation seen(int status) {
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(1)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        time.instant());
  }

  private long agents() throws Exception {
    return api.read("/v1/agents").get("agents").size();
  }

  @Test
  void putsAPlanInForceEverywhereBeforeItLooksAndTakesItBackWithReceipts() throws Exception {
    List<URI> fronts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      fronts.add(plane("plane-" + i, rules()));
    }
    Api.eventually("ten data planes are there", () -> quietly(this::agents) == 10);
    FaultPlan plan =
        FaultPlan.of(
            Fault.at(EDGE, new Effect.Delay(Duration.ofMillis(20))),
            Fault.at(EDGE, new Effect.Rewrite(502)));

    try (ExecutorClient client = client(Aim.EVERYBODY)) {
      Observation observed =
          client.applyAndObserve(
              plan,
              Duration.ofSeconds(10),
              (inForce, timeout) -> {
                List<Integer> statuses = new ArrayList<>();
                for (URI front : fronts) {
                  statuses.add(asked(front));
                }
                assertThat(statuses).hasSize(10).containsOnly(502);
                return seen(502);
              });

      assertThat(observed.receipts())
          .hasSize(20)
          .allSatisfy(receipt -> assertThat(receipt.edge()).isEqualTo(EDGE));
      assertThat(observed.receipts().stream().map(Receipt::fault).distinct()).hasSize(2);
      assertThat(service.requestCount()).isEqualTo(10);
    }
    for (URI front : fronts) {
      assertThat(status(front)).isEqualTo(200);
    }
    assertThat(api.read("/v1/policies").get("policies")).isEmpty();
  }

  private int asked(URI front) throws InterruptedException {
    try {
      return status(front);
    } catch (IOException broken) {
      return -1;
    }
  }

  private interface Question {
    long ask() throws Exception;
  }

  private static long quietly(Question question) {
    try {
      return question.ask();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void hitsOnlyTheRequestsOfOneTrial() throws Exception {
    URI front = plane("plane-1", rules());
    Api.eventually("the data plane is there", () -> quietly(this::agents) == 1);
    FaultPlan plan = FaultPlan.of(Fault.at(Edge.into("pricing"), new Effect.Abort(503)));

    client(Aim.baggage("belay-trial", "7"))
        .applyAndObserve(
            plan,
            Duration.ofSeconds(10),
            (inForce, timeout) -> {
              assertThat(asked(front)).isEqualTo(200);
              try {
                assertThat(status(front, "baggage", "belay-trial=7")).isEqualTo(503);
              } catch (IOException broken) {
                throw new AssertionError(broken);
              }
              return seen(503);
            });
  }

  @Test
  void failsATrialWhoseFaultsSomebodyElseTookBack() {
    assertThatThrownBy(() ->
            client(Aim.EVERYBODY)
                .applyAndObserve(
                    FaultPlan.of(Fault.at(EDGE, new Effect.Abort(503))),
                    Duration.ofSeconds(1),
                    (inForce, timeout) -> {
                      long swept =
                          quietly(() ->
                              api.send("DELETE", "/v1/policies?owner=s1", BodyPublishers.noBody())
                                  .statusCode());
                      assertThat(swept).isEqualTo(200);
                      return seen(200);
                    }))
        .isInstanceOfSatisfying(
            ExecutorException.class,
            failure -> assertThat(failure.code()).isEqualTo(ExecutorException.Code.FAULTS_GONE));
  }

  @Test
  void letsNothingInAfterAHalt() throws Exception {
    URI front = plane("plane-1", rules());
    api.json("POST", "/v1/policies", policy("p", "\"abort\":{\"httpStatus\":503}"));
    Api.eventually("the fault strikes", () -> quietly(() -> status(front)) == 503);

    api.post("/v1/halt");

    Api.eventually("the fault is gone", () -> quietly(() -> status(front)) == 200);
    assertThatThrownBy(() ->
            client(Aim.EVERYBODY)
                .applyAndObserve(
                    FaultPlan.of(Fault.at(EDGE, new Effect.Abort(503))),
                    Duration.ofSeconds(1),
                    (inForce, timeout) -> seen(200)))
        .isInstanceOf(ExecutorException.class)
        .hasMessageContaining("halted");
    api.post("/v1/resume");
    assertThat(
            api.json("POST", "/v1/policies", policy("p", "\"abort\":{\"httpStatus\":503}"))
                .statusCode())
        .isEqualTo(201);
  }

  private static String policy(String name, String fault) {
    return """
    {"metadata":{"name":"%s"},"spec":{"rules":[
      {"match":{"path":{"prefix":"/"}},"fault":{"percentage":100,%s}}]}}
    """
        .formatted(name, fault);
  }

  @Test
  void answersAsPublishedExecutorsDo() throws Exception {
    String policy = policy("checkout", "\"duration_seconds\":0,\"delay\":{\"fixed_delay_ms\":5}");
    String stored =
        "{\"metadata\":{\"name\":\"checkout\"},\"spec\":{\"rules\":[{\"match\":{\"path\":{\"prefix\":\"/\"}},"
            + "\"fault\":{\"percentage\":100,\"duration_seconds\":0,\"delay\":{\"fixed_delay_ms\":5}}}]}}";

    var put = api.send("POST", "/v1/policies", BodyPublishers.ofString(policy));

    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(put.body()).isEqualTo(stored);
    assertThat(api.get("/v1/policies").body()).isEqualTo("{\"policies\":[" + stored + "]}");
    assertThat(api.get("/v1/policies/checkout").body()).isEqualTo(stored);
    assertThat(Api.body(api.get("/v1/health")).get("status").stringValue()).isEqualTo("healthy");
    JsonNode missing = Api.body(api.get("/v1/policies/none"));
    assertThat(missing.get("error").stringValue()).isEqualTo("not_found");
    assertThat(missing.at("/details/resource").stringValue()).isEqualTo("policy");
    var malformed = api.json("POST", "/v1/policies", "{");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).startsWith("{\"error\":\"invalid request body: ");
    var invalid = api.json("POST", "/v1/policies", policy.replace("100", "101"));
    assertThat(invalid.statusCode()).isEqualTo(400);
    assertThat(invalid.body()).startsWith("{\"error\":\"invalid_input\",\"message\":");
    var twice =
        api.json(
            "POST",
            "/v1/policies/create",
            policy.replace("\"name\":\"checkout\"", "\"name\":\"checkout\",\"version\":\"1.0.0\""));
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(twice.body()).contains("resource_already_exists");
    assertThat(api.json("PUT", "/v1/policies/none", policy).statusCode()).isEqualTo(400);
    JsonNode status = api.read("/v1/policies/status");
    assertThat(status.at("/summary/delay_policies").intValue()).isEqualTo(1);
    assertThat(status.at("/policies/0/fault_types/0").stringValue()).isEqualTo("delay");
    var deleted = api.send("DELETE", "/v1/policies/checkout", BodyPublishers.noBody());
    assertThat(deleted.body()).isEqualTo("{\"message\":\"policy deleted successfully\"}");
    assertThat(api.send("DELETE", "/v1/policies/checkout", BodyPublishers.noBody()).statusCode())
        .isEqualTo(404);
    assertThat(api.send("DELETE", "/v1/policies", BodyPublishers.noBody()).statusCode())
        .isEqualTo(400);
  }
}
