package dev.belay.server.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.server.BelayServer;
import dev.belay.server.TracedCart;
import dev.belay.server.cli.Shell;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.config.BelayConfig;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of a defect that a search found in a real system whose traces it follows. */
@Timeout(240)
class ChaosDefectsTest {
  private static final String ALL = "/v1/optimization/sessions";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private TracedCart cart;

  @SuppressWarnings("NullAway.Init") // set before each test
  private BelayServer server;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void start() throws Exception {
    cart = new TracedCart();
    server = serve(cart.yaml());
  }

  private BelayServer serve(String chaos) throws Exception {
    String yaml =
        """
        control: {port: 0}
        proxy: {port: 0, socks_port: 0}
        store: {url: "sqlite:%1$s/belay.db"}
        chaos:
          sessions: "%1$s/sessions"
        %2$s
        """
            .formatted(folder, chaos.indent(2));
    return BelayServer.start(BelayConfig.parse(yaml, "belay.yaml", Map.of()));
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    cart.close();
  }

  private Shell run(int code, String... arguments) {
    Shell shell = new Shell();
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--url";
    all[arguments.length + 1] = server.control();
    assertThat(shell.run(all)).as(shell.err() + shell.out()).isEqualTo(code);
    return shell;
  }

  private JsonNode json(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--json";
    return JsonMapper.shared().readTree(run(ExitCode.OK, all).out());
  }

  private HttpResponse<String> http(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.control() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode read(String path) throws Exception {
    return JsonMapper.shared().readTree(http("GET", path, "").body());
  }

  /** How many sets of rules there were; each fault that comes or goes makes another one. */
  private long changes() throws Exception {
    return read("/v1/agents").get("rule_set_version").longValue();
  }

  private JsonNode search(String... more) {
    String[] all =
        Arrays.copyOf(new String[] {"chaos", "run", "pricing", "--seed", "1"}, 5 + more.length);
    System.arraycopy(more, 0, all, 5, more.length);
    return json(all);
  }

  @Test
  void aDryRunShowsWhatWouldBeTriedAndPutsNothingInForce() throws Exception {
    long before = changes();

    Shell dry = run(ExitCode.OK, "chaos", "plan", "pricing", "--dry-run");

    assertThat(dry.out())
        .contains("was asked once: GET /cart", "cart>pricing GET /price", "lets it in")
        .contains("no fault was put in force");
    assertThat(cart.asked()).isEqualTo(1);
    JsonNode plan = json("chaos", "plan", "pricing", "--trials", "3");
    assertThat(plan.get("plans")).hasSize(3);
    assertThat(plan.at("/plans/0/policies/0/spec/rules")).isNotEmpty();
    assertThat(plan.at("/plans/0/strikes/0").stringValue()).isEqualTo("cart>pricing GET /price");
    assertThat(plan.get("worst_case_sec").longValue()).isEqualTo((3 + 2) * 600);
    assertThat(changes()).isEqualTo(before);
    assertThat(read("/v1/policies").get("policies")).isEmpty();
    assertThat(read(ALL).get("sessions")).isEmpty();
  }

  @Test
  void protectedPathsAreSparedWhileTheTracesAreFollowed() throws Exception {
    server.stop();
    server = serve(cart.yaml(", protected_paths: [/price/health]"));
    cart.watch("/price/health", "/price//x/..%2Fhealth?deep", "/price/HEALTH/deep");

    Shell dry = run(ExitCode.OK, "chaos", "plan", "pricing", "--dry-run");
    JsonNode plan = json("chaos", "plan", "pricing", "--trials", "3");
    JsonNode found = search("--trials", "30", "--fresh");

    assertThat(dry.out())
        .contains("lets it in", "never struck, with all below: /price/health")
        .doesNotContain("protected path");
    assertThat(plan.at("/plans/0/policies/0/spec/rules/0/match/path/not/0").stringValue())
        .isEqualTo("/price/health");
    assertThat(found.get("status").stringValue()).isEqualTo("COMPLETED");
    assertThat(found.get("defects")).isNotEmpty();
    assertThat(cart.watched()).isGreaterThan(90);
    assertThat(cart.missed()).isZero();
  }

  @Test
  void tracesShowWhoCallsWhomAndAMapMayComeBefore() throws Exception {
    Path map =
        Files.writeString(
            folder.resolve("map.yaml"), "topology: [{source: cart, target: pricing}]");

    JsonNode session = search("--trials", "3", "--map", map.toString());

    assertThat(session.get("status").stringValue()).isEqualTo("COMPLETED");
    JsonNode seen = read("/v1/optimization/services/pricing/map");
    assertThat(seen.get("topology")).hasSize(1);
    assertThat(seen.at("/topology/0/call_count").intValue()).isEqualTo(2);
    assertThat(seen.at("/services/pricing/source").stringValue()).isEqualTo("traces");
    assertThat(seen.at("/services/pricing/apis/0/path").stringValue()).isEqualTo("/price");
    Files.writeString(map, seen.toString());
    assertThat(json("chaos", "plan", "pricing", "--map", map.toString()).get("plans")).isNotEmpty();
  }

  @Test
  void tracesThatLieInAFileMayComeBefore() throws Exception {
    Path traces =
        Files.writeString(
            folder.resolve("traces.json"),
            """
            [{"traceID": "4bf92f3577b34da6a3ce929d0e0e4736", "spanID": "00f067aa0ba902b7",
              "operationName": "GET /cart", "serviceName": "cart", "kind": "SERVER",
              "startTime": 1, "duration": 9, "status": "OK", "tags": {}},
             {"traceID": "4bf92f3577b34da6a3ce929d0e0e4736", "spanID": "00f067aa0ba902b8",
              "parentSpanID": "00f067aa0ba902b7", "operationName": "GET /price",
              "serviceName": "pricing", "kind": "SERVER", "startTime": 2, "duration": 5,
              "status": "OK", "tags": {}}]
            """);
    Path none = folder.resolve("none");

    JsonNode plan = json("chaos", "plan", "pricing", "--traces", traces.toString());

    assertThat(plan.get("plans")).isNotEmpty();
    assertThat(run(ExitCode.FAILED, "chaos", "plan", "pricing", "--traces", none.toString()).err())
        .contains(none + ": is not there");
    assertThat(
            run(
                    ExitCode.FAILED,
                    "chaos",
                    "plan",
                    "pricing",
                    "--traces",
                    traces.toString(),
                    "--map",
                    none.toString())
                .err())
        .contains("--map and --traces cannot be given together");
  }

  @Test
  void aDryRunOfASpaceAsksNothing() throws Exception {
    Path space =
        Files.writeString(
            folder.resolve("space.yaml"),
            "dimensions: [{name: error_code, type: categorical, values: [500, 502, 503]}]");

    JsonNode plan = json("chaos", "plan", "pricing", "--space", space.toString());

    assertThat(cart.asked()).isZero();
    assertThat(plan.get("asked").isNull()).isTrue();
    assertThat(plan.get("plans")).hasSize(3);
    assertThat(plan.at("/plans/0/allowed").booleanValue()).isTrue();
    assertThat(run(ExitCode.FAILED, "chaos", "plan", "other").err()).contains("service_name");
  }

  @Test
  void whatWasFoundIsBoiledDownOnceMore() throws Exception {
    JsonNode session = search("--trials", "25");
    String id = session.get("session_id").stringValue();
    assertThat(session.get("defects")).isNotEmpty();

    JsonNode again = json("chaos", "minimise", id);

    assertThat(again.get("status").stringValue()).isEqualTo("COMPLETED");
    assertThat(again.get("session_id").stringValue()).isNotEqualTo(id);
    assertThat(again.at("/defects/0/minimal/plan/faults")).hasSize(1);
    String path = ALL + "/" + again.get("session_id").stringValue();
    JsonNode trials = read(path + "/trials").get("trials");
    assertThat(trials.get(0).get("arm").stringValue()).isEqualTo("again");
    for (JsonNode trial : trials) {
      assertThat(List.of("again", "confirm", "minimise")).contains(trial.get("arm").stringValue());
    }
    int failed = session.at("/defects/0/trial_id").intValue();
    assertThat(json("chaos", "minimise", id, "--trial", Integer.toString(failed)).get("defects"))
        .hasSize(1);
    assertThat(http("POST", ALL + "/none/minimise", "").statusCode()).isEqualTo(404);
    assertThat(http("POST", ALL + "/" + id + "/minimise", "{\"trial_id\": 999}").statusCode())
        .isEqualTo(404);
    for (JsonNode trial : read(ALL + "/" + id + "/trials").get("trials")) {
      if (!trial.path("signature").isString()) {
        String one = "{\"trial_id\": %d}".formatted(trial.get("trial_id").intValue());
        assertThat(http("POST", ALL + "/" + id + "/minimise", one).statusCode()).isEqualTo(409);
        break;
      }
    }
  }

  @Test
  void severalTrialsAtATimeDoNotStrikeEachOther() throws Exception {
    JsonNode report = search("--trials", "24", "--parallel", "4");

    String path = ALL + "/" + report.get("session_id").stringValue() + "/trials";
    Instant end = Instant.MIN;
    int together = 0;
    for (int number = 1; number <= 24; number++) {
      JsonNode trial = read(path + "/" + number);
      String plan = trial.get("fault_plan").toString();
      boolean strikes =
          (plan.contains("abort") || plan.contains("reset") || plan.contains("rewrite"))
              && !plan.contains("skip"); // there is one call only
      assertThat(trial.at("/observation/status_code").intValue())
          .as(trial.toString())
          .isEqualTo(strikes ? 500 : 200);
      Instant begun = Instant.parse(trial.get("timestamp").stringValue());
      together += begun.isBefore(end) ? 1 : 0;
      Instant over = begun.plusNanos((long) (trial.get("duration_sec").doubleValue() * 1e9));
      end = over.isAfter(end) ? over : end;
    }
    assertThat(together).isGreaterThan(6);
    assertThat(report.at("/defects/0/signature").stringValue()).startsWith("GET /cart | 500");
  }

  @Test
  void theNextSessionBeginsWithWhatIsKnownAndSaysWhatHasBecomeOfIt() throws Exception {
    JsonNode first = search("--trials", "25");
    assertThat(first.get("regression").isNull()).isTrue();
    String known = first.at("/defects/0/signature").stringValue();

    JsonNode second = search("--trials", "10");

    String path = ALL + "/" + second.get("session_id").stringValue();
    assertThat(read(path + "/trials/1").get("arm").stringValue()).isEqualTo("regression");
    assertThat(second.at("/regression/still/0").stringValue()).isEqualTo(known);
    JsonNode fresh = search("--trials", "3", "--fresh");
    assertThat(fresh.get("regression").isNull()).isTrue();
    cart.repair();
    JsonNode third = search("--trials", "10");
    assertThat(third.at("/regression/gone/0").stringValue()).isEqualTo(known);
    assertThat(third.at("/regression/still").values())
        .noneMatch(one -> one.stringValue().equals(known));
    String id = third.get("session_id").stringValue();
    assertThat(run(ExitCode.OK, "chaos", "report", id).out()).contains("gone: " + known);
    assertThat(run(ExitCode.OK, "chaos", "report", id, "--format", "markdown").out())
        .contains("Known before", "gone");
  }

  @Test
  void aDefectIsWrittenDownAndSeenOnceMoreByOthers() throws Exception {
    String id = search("--trials", "25").get("session_id").stringValue();
    JsonNode defects = read(ALL + "/" + id + "/defects");
    assertThat(defects.get("total").intValue()).isPositive();
    assertThat(defects.at("/defects/0/number").intValue()).isEqualTo(1);

    for (String format : List.of("chaostoolkit", "toxiproxy", "envoy")) {
      String text = run(ExitCode.OK, "chaos", "export", id, "1", "--format", format).out();
      assertThat(JsonMapper.shared().readTree(text).isContainer()).as(format).isTrue();
    }
    aPolicyIsApplied(id);
    aScriptIsRun(id);
    aTestIsRun(id);
    assertThat(http("GET", ALL + "/" + id + "/defects/99", "").statusCode()).isEqualTo(404);
    assertThat(http("GET", ALL + "/none/defects/1", "").statusCode()).isEqualTo(404);
    assertThat(run(ExitCode.FAILED, "chaos", "export", id, "1", "--format", "pdf").err())
        .contains("policy, curl, junit, chaostoolkit, toxiproxy, envoy");
  }

  private void aPolicyIsApplied(String id) throws Exception {
    Path file = folder.resolve("defect.yaml");
    run(ExitCode.OK, "chaos", "export", id, "1", "-o", file.toString());

    run(ExitCode.OK, "chaos", "policy", "apply", "-f", file.toString());

    JsonNode policies = read("/v1/policies").get("policies");
    assertThat(policies).hasSize(1);
    run(ExitCode.OK, "chaos", "policy", "delete", policies.at("/0/metadata/name").stringValue());
  }

  private void aScriptIsRun(String id) throws Exception {
    Path file = folder.resolve("again.sh");
    run(ExitCode.OK, "chaos", "export", id, "1", "--format", "curl", "-o", file.toString());
    Path said = folder.resolve("said.txt");
    long before = changes();

    Process script =
        new ProcessBuilder("bash", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();

    assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).content().contains("500 after").contains("policy deleted");
    assertThat(script.exitValue()).isZero();
    assertThat(changes()).isGreaterThanOrEqualTo(before + 2);
    assertThat(read("/v1/policies").get("policies")).isEmpty();
  }

  private void aTestIsRun(String id) throws Exception {
    HttpResponse<String> source = http("GET", ALL + "/" + id + "/defects/1?format=junit", "");
    String name = source.headers().firstValue("Content-Disposition").orElseThrow();
    Path file = folder.resolve(name.substring(name.indexOf('"') + 1, name.lastIndexOf('"')));
    Files.writeString(file, source.body());

    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                System.err,
                "-proc:none",
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path").replace(";", File.pathSeparator),
                file.toString());

    assertThat(compiled).isZero();
    URL[] classes = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      Class<?> test = loader.loadClass(file.getFileName().toString().replace(".java", ""));
      Constructor<?> made = test.getDeclaredConstructor();
      made.setAccessible(true);
      Method bears = test.getDeclaredMethod("bearsTheFaults");
      bears.setAccessible(true);
      Object one = made.newInstance();
      assertThatThrownBy(() -> bears.invoke(one))
          .hasCauseInstanceOf(AssertionError.class)
          .cause()
          .hasMessageContaining("under cart>pricing");
      cart.repair();
      bears.invoke(one);
    }
  }
}
