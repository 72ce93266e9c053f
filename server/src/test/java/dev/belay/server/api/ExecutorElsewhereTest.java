package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.session.Experiment;
import dev.belay.chaos.session.Experiments;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.chaos.PublishedExecutor;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A server whose faults are put in force by a published executor. */
@Timeout(60)
class ExecutorElsewhereTest {
  private static final String ALL = "/v1/optimization/sessions";
  private static final String POLICY =
      """
      {"metadata":{"name":"%s","owner":"%s"},"spec":{"rules":[{"match":{"path":{"prefix":"/"}},
        "fault":{"percentage":100,"duration_seconds":300,"abort":{"httpStatus":500}}}]}}
      """;

  private static final String SPACE =
      """
      "search_space":{"dimensions":[
        {"name":"fault_type","type":"categorical","values":["delay","abort"]}]}
      """;

  @TempDir Path folder;
  private final FaultyOrigin shop = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private final PublishedExecutor executor = PublishedExecutor.start();
  private final HttpClient http =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
  private final List<Experiments> configured = new ArrayList<>();
  private Api api = nothing();

  @SuppressWarnings("NullAway") // set before each test
  private static Api nothing() {
    return null;
  }

  @BeforeEach
  void start() throws Exception {
    api =
        Api.start(
            """
            control: {port: 0}
            proxy: {port: 0, socks_port: 0}
            chaos:
              sessions: "%s/sessions"
              executor: {url: "%s", strikes: everybody, base_delay: 1ms, max_delay: 5ms}
              services: {shop: {url: "%s"}, gone: {url: "http://127.0.0.1:9/"}}
            """
                .formatted(folder, executor.uri(), shop.uri()),
            known -> {
              configured.add(known);
              return known;
            });
  }

  @AfterEach
  void close() throws Exception {
    api.close();
    executor.close();
    shop.close();
    http.close();
  }

  private void left(String name) throws Exception {
    HttpRequest put =
        HttpRequest.newBuilder(executor.uri("/v1/policies"))
            .POST(BodyPublishers.ofString(POLICY.formatted(name, "")))
            .build();
    assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
  }

  private static List<String> swept(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> swept = new ArrayList<>();
    Api.body(answer).get("swept").forEach(one -> swept.add(one.stringValue()));
    return swept;
  }

  private HttpResponse<String> begin(String service) throws Exception {
    return api.json("POST", ALL, "{\"service_name\":\"%s\",%s}".formatted(service, SPACE));
  }

  @Test
  void sweepsWhatAnOwnerLeftThereAndHere() throws Exception {
    left("s1-0000beef-1");
    left("s2-0000beef-1");
    api.json("POST", "/v1/policies", POLICY.formatted("by-hand", "s1"));

    assertThat(swept(api.post("/v1/sweep?owner=s1"))).containsExactly("s1");

    assertThat(executor.policies()).containsExactly("s2-0000beef-1");
    assertThat(api.read("/v1/policies").get("policies")).isEmpty();
  }

  @Test
  void sweepsWhatSessionsThatAreOverLeftUnlessAnOwnerIsGiven() throws Exception {
    String id = Api.body(begin("gone")).get("session_id").stringValue();
    Api.eventually("the session is over", () -> state(id).equals("FAILED"));
    left(id + "-0000beef-1");
    left("of-others");

    assertThat(swept(api.post("/v1/sweep"))).containsExactly(id);

    assertThat(executor.policies()).containsExactly("of-others");
  }

  private String state(String id) {
    try {
      JsonNode view = api.read(ALL + "/" + id);
      return view.get("status").stringValue();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private String clients() {
    try {
      return api.get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith("belay_chaos_executor_clients "))
          .findFirst()
          .orElseThrow();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void neitherASweepNorASessionThatIsRefusedOrOverLeavesAClientBehind() throws Exception {
    String before = clients();

    api.post("/v1/sweep?owner=s1");
    assertThat(api.json("POST", ALL, "{\"service_name\":\"shop\"}").statusCode()).isEqualTo(400);
    String id = Api.body(begin("gone")).get("session_id").stringValue();
    Api.eventually("the session is over", () -> state(id).equals("FAILED"));

    Api.eventually("its client is gone", () -> clients().equals(before));
  }

  @Test
  void saysThatItIsNotKnownWhetherSomethingIsLeft() throws Exception {
    executor.control().kill();

    HttpResponse<String> answer = api.post("/v1/sweep?owner=s1");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(Api.body(answer).get("error").stringValue()).isEqualTo("executor_unavailable");
    assertThat(Api.body(answer).get("message").stringValue())
        .contains("it is not known that nothing is left behind");
  }

  @Test
  void refusesAnOwnerThatNobodyCanBe() throws Exception {
    assertThat(api.post("/v1/sweep?owner=a%2Fb").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {ALL, "/v1/optimization/plans"})
  void refusesAtOnceToFollowTracesWhereNobodyCanTellCallersApart(String path) throws Exception {
    HttpResponse<String> refused = api.json("POST", path, "{\"service_name\":\"shop\"}");

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    JsonNode error = Api.body(refused).get("error");
    assertThat(error.at("/details/field").stringValue()).isEqualTo("search_space");
    assertThat(error.get("message").stringValue())
        .contains("cannot tell callers apart", "search a space of dimensions (--space FILE)");
    assertThat(api.read(ALL).get("total").intValue()).isZero();
  }

  @Test
  void beginsASessionWhoseExecutorIsAwayForItMayComeBack() throws Exception {
    executor.control().kill();

    assertThat(api.json("POST", ALL, "{\"service_name\":\"shop\"}").statusCode()).isEqualTo(202);
  }

  @Test
  void beginsNoSessionWhileAllFaultsAreHalted() throws Exception {
    api.post("/v1/halt");

    HttpResponse<String> refused = begin("shop");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Api.body(refused).at("/error/code").stringValue()).isEqualTo("FAULTS_HALTED");
    assertThat(api.read(ALL).get("total").intValue()).isZero();
    api.post("/v1/resume");
    assertThat(begin("gone").statusCode()).isEqualTo(202);
  }

  @Test
  void makesNoTrialWithFaultsWhileAllAreHalted() throws Exception {
    SessionSpec spec = new SessionSpec("shop", "{}", 5, Duration.ofHours(1), 7);
    FaultPlan plan = FaultPlan.of(Fault.at(Edge.into("pricing"), new Effect.Abort(503)));
    api.post("/v1/halt");

    try (Experiment experiment = configured.getFirst().open("s1", spec)) {
      assertThatThrownBy(() -> experiment.target().run(plan))
          .isInstanceOf(TargetFailed.class)
          .hasMessageContaining("all faults are halted");
      assertThat(experiment.target().run(FaultPlan.NONE).reply().status()).hasValue(200);
    }

    assertThat(executor.control().requests())
        .extracting(ReceivedRequest::method)
        .doesNotContain("POST");
  }
}
