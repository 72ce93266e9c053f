package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.FileSessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionState;
import dev.belay.testkit.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Sessions over HTTP, that search a real system: a cart that calls pricing through a fault proxy.
 */
@Timeout(120)
class SessionApiTest {
  private static final String ALL = "/v1/optimization/sessions";
  private static final String SPACE =
      """
      {"dimensions": [
        {"name": "fault_type", "type": "categorical", "values": ["delay", "abort"]},
        {"name": "error_code", "type": "categorical", "values": [500, 503],
         "condition": {"field": "fault_type", "operator": "equals", "value": "abort"}},
        {"name": "delay_ms", "type": "integer", "bounds": [1, 20],
         "condition": {"field": "fault_type", "operator": "equals", "value": "delay"}}]}
      """;

  @TempDir Path folder;
  private final HttpClient inside = HttpClient.newHttpClient();
  private HttpServer pricing = server();
  private HttpServer cart = server();
  private Api api = nothing();
  private int front;

  SessionApiTest() throws IOException {}

  @SuppressWarnings("NullAway") // set before each test
  private static Api nothing() {
    return null;
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return server;
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @BeforeEach
  void start() throws Exception {
    try (FreePorts free = new FreePorts()) {
      front = free.next();
    }
    pricing.createContext("/price", exchange -> answer(exchange, 200, "100"));
    URI price = URI.create("http://127.0.0.1:%d/price".formatted(front));
    cart.createContext("/cart", exchange -> order(exchange, price));
    pricing.start();
    cart.start();
    restart();
  }

  private void restart() throws Exception {
    restart("");
  }

  private void restart(String more) throws Exception {
    api =
        Api.start(
            "",
            """
            chaos:
              sessions: "%s/sessions"
              services:
                pricing:
                  url: "http://127.0.0.1:%d/cart"
                  healthy_runs: 3
                  headers: {X-Key: "%s"}
                  %s
                gone: {url: "http://127.0.0.1:9/"}
              guard: {max_delay: 200ms}
              fronts: [{service: pricing, caller: cart, port: %d, upstream: "127.0.0.1:%d"}]
            """
                .formatted(
                    folder,
                    cart.getAddress().getPort(),
                    Api.CANARY,
                    more,
                    front,
                    pricing.getAddress().getPort()));
  }

  /** The cart has no idea what to do without a price. */
  private void order(HttpExchange exchange, URI price) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(price).timeout(Duration.ofSeconds(5));
    String baggage = exchange.getRequestHeaders().getFirst("baggage");
    if (baggage != null) {
      request.header("baggage", baggage);
    }
    try {
      int status = inside.send(request.build(), BodyHandlers.ofString()).statusCode();
      answer(exchange, status == 200 ? 200 : 500, "status " + status);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
    pricing.stop(0);
    cart.stop(0);
  }

  private String begin(String service, int trials) throws Exception {
    HttpResponse<String> begun =
        api.json(
            "POST",
            ALL,
            "{\"service_name\": \"%s\", \"max_trials\": %d, \"seed\": 1, \"search_space\": %s}"
                .formatted(service, trials, SPACE));
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    assertThat(Api.body(begun).get("status").stringValue()).isEqualTo("PENDING");
    return Api.body(begun).get("session_id").stringValue();
  }

  private JsonNode await(String id, String status) {
    Api.eventually(
        "it is " + status, () -> status(id).equals(status) || status(id).equals("FAILED"));
    JsonNode view = view(id);
    assertThat(view.get("status").stringValue()).as(view.toString()).isEqualTo(status);
    return view;
  }

  private JsonNode view(String id) {
    try {
      return api.read(ALL + "/" + id);
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private String status(String id) {
    return view(id).get("status").stringValue();
  }

  @Test
  void findsTheFaultThatTheSystemDoesNotBearAndTakesItBack() throws Exception {
    String id = begin("pricing", 8);

    JsonNode view = await(id, "COMPLETED");

    assertThat(view.at("/progress/trials_completed").intValue()).isEqualTo(8);
    assertThat(view.at("/progress/progress_percent").doubleValue()).isEqualTo(100);
    assertThat(view.get("error").isNull()).isTrue();
    assertThat(view.get("time_budget_sec").intValue()).isEqualTo(3_600);
    assertThat(view.get("config_hash").stringValue()).matches("[0-9a-f]{32}");
    assertThat(view.at("/best_result/severity_score").doubleValue()).isGreaterThan(5);
    assertThat(view.at("/best_result/fault_plan/fault_type").stringValue()).isEqualTo("abort");
    assertThat(view.at("/best_result/fault_plan/service").stringValue()).isEqualTo("pricing");
    assertThat(view.at("/defects/0/signature").stringValue()).isEqualTo("GET /cart | 500");
    assertThat(api.read("/v1/policies").get("policies")).isEmpty();
    JsonNode trials = api.read(ALL + "/" + id + "/trials?after=2");
    assertThat(trials.get("trials")).hasSize(6);
    JsonNode trial = api.read(ALL + "/" + id + "/trials/1");
    assertThat(trial.at("/observation/status_code").isNumber()).isTrue();
    assertThat(trial.at("/observation/latency_ms").doubleValue())
        .isEqualTo(trial.at("/observation/latency_ns").longValue() / 1e6);
    assertThat(trial.at("/score/total_score").isNumber()).isTrue();
    assertThat(api.read(ALL).get("total").intValue()).isEqualTo(1);
    String report = ALL + "/" + id + "/report";
    assertThat(api.get(report + "?format=html").body())
        .startsWith("<!DOCTYPE html>")
        .contains("GET /cart | 500")
        .doesNotContain(Api.CANARY);
    String script = api.get(ALL + "/" + id + "/defects/1?format=curl").body();
    assertThat(script).contains("X-Key: ${ASK_X_KEY}").doesNotContain(Api.CANARY);
    assertThat(api.get(report + "?format=markdown").body()).contains("GET /cart");
    assertThat(api.read(report).isObject()).isTrue();
    assertThat(api.get(report + "?format=pdf").statusCode()).isEqualTo(400);
  }

  @Test
  void onlyItsOwnRequestsAreStruck() throws Exception {
    String id = begin("pricing", 6);
    URI shop = URI.create("http://127.0.0.1:%d/cart".formatted(cart.getAddress().getPort()));
    while (!List.of("COMPLETED", "FAILED").contains(status(id))) {
      int others =
          inside.send(HttpRequest.newBuilder(shop).build(), BodyHandlers.ofString()).statusCode();
      assertThat(others).isEqualTo(200);
    }
    await(id, "COMPLETED");
  }

  /** What sessions log while something is done, each line with its level. */
  private static List<String> logged(Callable<?> doing) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.belay.chaos.session");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.DEBUG);
    try {
      var unused = doing.call();
      return List.copyOf(appender.list).stream()
          .map(event -> event.getLevel() + " " + event.getFormattedMessage())
          .toList();
    } finally {
      logger.setLevel(null);
      logger.detachAppender(appender);
    }
  }

  @Test
  void logsEachTrialWithItsScoreAndEachNewBestOnce() throws Exception {
    String[] id = new String[1];

    List<String> lines =
        logged(() -> {
          id[0] = begin("pricing", 8);
          return await(id[0], "COMPLETED");
        });

    String session = " session " + id[0];
    assertThat(lines).doesNotHaveDuplicates().noneMatch(line -> line.contains(Api.CANARY));
    assertThat(lines).contains("INFO" + session + " of pricing begins");
    for (int i = 1; i <= 8; i++) {
      String trial = "DEBUG" + session + " trial " + i;
      assertThat(lines).filteredOn(line -> line.startsWith(trial + ":")).hasSize(1);
      assertThat(lines).filteredOn(line -> line.startsWith(trial + " ends: score ")).hasSize(1);
    }
    String best = view(id[0]).at("/best_result/trial_id").asString();
    assertThat(lines)
        .filteredOn(line -> line.contains("new best score"))
        .last()
        .asString()
        .startsWith("INFO" + session + " trial " + best + ": new best score ");
    assertThat(lines).anyMatch(line -> line.startsWith("INFO" + session + " ends: all 8 trials"));
  }

  @Test
  void aSystemThatIsNotThereFailsTheSessionAndSaysWhatToDo() throws Exception {
    JsonNode view = await(begin("gone", 3), "FAILED");

    assertThat(view.get("stop_reason").stringValue())
        .contains("nobody listens at 127.0.0.1:9; start the system first");
    assertThat(view.get("error")).isEqualTo(view.get("stop_reason"));
    assertThat(view.get("statistics").get("best_score").isNull()).isTrue();
  }

  @Test
  void endsWhenItIsTold() throws Exception {
    String id = begin("pricing", 1_000);
    Api.eventually("it works", () -> view(id).at("/progress/trials_completed").intValue() > 2);

    HttpResponse<String> stopped =
        api.json("POST", ALL + "/" + id + "/stop", "{\"reason\": \"enough\"}");

    assertThat(stopped.statusCode()).isEqualTo(202);
    JsonNode view = await(id, "COMPLETED");
    assertThat(view.get("stop_reason").stringValue()).isEqualTo("stopped: enough");
    HttpResponse<String> again = api.post(ALL + "/" + id + "/stop");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(Api.body(again).at("/error/code").stringValue())
        .isEqualTo("SESSION_ALREADY_COMPLETED");
  }

  @Test
  void tellsAllThatHappensToItsEnd() throws Exception {
    String id = begin("pricing", 4);
    HttpRequest request = HttpRequest.newBuilder(api.uri(ALL + "/" + id + "/events")).build();
    HttpResponse<InputStream> response = api.client().send(request, BodyHandlers.ofInputStream());

    List<String> events = events(response);

    assertThat(events).startsWith("state").endsWith("end");
    assertThat(events.stream().filter("trial"::equals)).hasSize(4);
    assertThat(events.stream().filter("applying"::equals)).hasSize(4);
  }

  /** The kinds of all events to the end of the stream, which must come. */
  private static List<String> events(HttpResponse<InputStream> response) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> line.startsWith("event: "))
          .map(line -> line.substring(7))
          .toList();
    }
  }

  @Test
  void theSessionOfAnotherServerIsToldToItsEndAndIsNotOursToStop() throws Exception {
    api.close();
    SessionSpec spec = new SessionSpec("pricing", "{}", 10, Duration.ofHours(1), 1);
    try (FileSessionStore other = new FileSessionStore(folder.resolve("sessions"))) {
      other.create("theirs", spec, Instant.now());
      restart();
      HttpRequest request = HttpRequest.newBuilder(api.uri(ALL + "/theirs/events")).build();
      HttpResponse<InputStream> response = api.client().send(request, BodyHandlers.ofInputStream());
      isProblem(api.post(ALL + "/theirs/stop"), 409, "SESSION_ELSEWHERE", "");

      other.append("theirs", new Entry.Moved(SessionState.RUNNING, Instant.now(), ""));
      other.append("theirs", new Entry.Moved(SessionState.COMPLETED, Instant.now(), "done"));

      isProblem(api.post(ALL + "/theirs/stop"), 409, "SESSION_ALREADY_COMPLETED", "");
      assertThat(events(response)).containsExactly("state", "state", "end");
    }
  }

  @Test
  void aHaltOfAllFaultsEndsIt() throws Exception {
    String id = begin("pricing", 1_000);
    Api.eventually("it works", () -> view(id).at("/progress/trials_completed").intValue() > 2);

    assertThat(api.read("/v1/halt").get("status").stringValue()).isEqualTo("running");
    api.post("/v1/halt");

    assertThat(api.read("/v1/halt").get("status").stringValue()).isEqualTo("halted");
    JsonNode view = await(id, "COMPLETED");
    assertThat(view.get("stop_reason").stringValue()).contains("all faults are halted");
    assertThat(api.read("/v1/policies").get("policies")).isEmpty();
    api.post("/v1/resume");
    assertThat(api.read("/v1/halt").get("status").stringValue()).isEqualTo("running");
  }

  @Test
  void saysWhatCanBeTried() throws Exception {
    JsonNode services = api.read("/v1/optimization/services").get("services");

    assertThat(services.valueStream().map(JsonNode::stringValue))
        .containsExactly("gone", "pricing");
  }

  @Test
  void goesOnAfterTheServerHasBeenAway() throws Exception {
    String id = begin("pricing", 60);
    Api.eventually("it works", () -> view(id).at("/progress/trials_completed").intValue() > 2);
    api.close();

    restart();

    JsonNode view = await(id, "COMPLETED");
    assertThat(view.at("/progress/trials_completed").intValue()).isEqualTo(60);
    JsonNode trials = api.read(ALL + "/" + id + "/trials").get("trials");
    for (int i = 0; i < 60; i++) {
      assertThat(trials.get(i).get("trial_id").intValue()).isEqualTo(i + 1);
    }
    assertThat(api.read("/v1/policies").get("policies")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                     | service_name
          {"service_name": "other"}                              | service_name
          {"service_name": "Pricing"}                            | service_name
          {"service_name": "pricing", "max_trials": 0}           | max_trials
          {"service_name": "pricing", "max_trials": 1001}        | max_trials
          {"service_name": "pricing", "time_budget_sec": 59}     | time_budget_sec
          {"service_name": "pricing", "speed": 1}                | speed
          {"service_name": "pricing", "service_map": {"topology": []}} | service_map.topology
          {"service_name": "pricing", "service_map": {"topology": [{"source": "a"}]}} | service_map.topology[0].target
          {"service_name": "pricing", "service_map": {"topology": [], "colour": 1}} | service_map.colour
          {"service_name": "pricing", "service_map": {"topology": [{"source": "a", "target": "b"}]}, "search_space": {"dimensions": [{"name": "error_code", "type": "categorical", "values": [500, 503]}]}} | service_map
          {"service_name": "pricing", "search_space": {"dimensions": []}} | search_space.dimensions
          {"service_name": "pricing", "search_space": {"dimensions": [{"name": "delay_ms", "type": "integer", "bounds": [5, 1]}]}} | search_space.dimensions[0].bounds
          {"service_name": "pricing", "search_space": {"dimensions": [{"name": "colour", "type": "categorical", "values": ["a", "b"]}]}} | search_space.dimensions[0].name
          {"service_name": "pricing", "search_space": {"dimensions": [{"name": "fault_type", "type": "categorical", "values": ["delay", "dealy"]}]}} | search_space.dimensions[0].values[1]
          {"service_name": "pricing", "search_space": {"dimensions": [{"name": "delay_ms", "type": "integer", "bounds": [1, 60000]}]}} | search_space.dimensions[0].bounds
          {"service_name": "pricing", "search_space": {"dimensions": [{"name": "error_code", "type": "categorical", "values": [500, 503]}], "analysis": {"weight": 1}}} | search_space.analysis.weight
          {"service_name": "pricing", "search_space": {"dimensions": [{"name": "error_code", "type": "categorical", "values": [500, 503]}], "constraints": ["b > 3"]}} | search_space.constraints[0]
          """)
  void whatIsWrongIsNamedWithItsField(String body, String field) throws Exception {
    HttpResponse<String> refused = api.json("POST", ALL, body);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    JsonNode error = Api.body(refused).get("error");
    assertThat(error.get("code").stringValue()).isEqualTo("INVALID_REQUEST");
    assertThat(error.at("/details/field").stringValue()).isEqualTo(field);
    assertThat(error.at("/details/constraint").stringValue()).isNotBlank();
    assertThat(error.get("timestamp").isString()).isTrue();
  }

  @Test
  void withoutTracesTheCallsOfAMapAreSearched() throws Exception {
    String map = ALL.replace("sessions", "services/pricing/map");
    assertThat(Api.body(api.get(map)).at("/error/code").stringValue()).isEqualTo("MAP_NOT_FOUND");
    HttpResponse<String> begun =
        api.json(
            "POST",
            ALL,
            """
            {"service_name": "pricing", "max_trials": 12, "seed": 1, "service_map": {
              "services": {"pricing": {"apis": [{"method": "GET", "path": "/price"}]}},
              "topology": [{"source": "cart", "target": "pricing"}]}}
            """);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String id = Api.body(begun).get("session_id").stringValue();

    JsonNode view = await(id, "COMPLETED");

    assertThat(view.at("/defects/0/minimal/plan/faults/0/from").stringValue()).isEqualTo("cart");
    assertThat(view.at("/defects/0/minimal/plan/faults/0/service").stringValue())
        .isEqualTo("pricing");
    JsonNode given = api.read(map);
    assertThat(given.at("/topology/0/source").stringValue()).isEqualTo("cart");
    assertThat(given.at("/services/pricing/apis/0/path").stringValue()).isEqualTo("/price");
    JsonNode report = api.read(ALL + "/" + id + "/report?parts=brief");
    assertThat(report.get("service_map")).isEqualTo(given);
    assertThat(report.has("influence")).isFalse();
    assertThat(api.get(ALL + "/" + id + "/report?parts=some").statusCode()).isEqualTo(400);
  }

  @Test
  void withoutTracesOfItsOwnTheCallsOfThoseThatLieInFilesAreSearched() throws Exception {
    api.close();
    Path traces = folder.resolve("traces.json");
    restart("traces: \"%s\"".formatted(traces));
    String body = "{\"service_name\": \"pricing\", \"max_trials\": 12, \"seed\": 1}";
    HttpResponse<String> missing = api.json("POST", ALL, body);
    isProblem(missing, 400, "INVALID_REQUEST", "service_map");
    assertThat(missing.body()).contains("chaos.services.pricing.traces").contains("is not there");
    Files.writeString(
        traces,
        """
        {"data": [{"traceID": "4bf92f3577b34da6a3ce929d0e0e4736",
          "processes": {"p1": {"serviceName": "cart"}, "p2": {"serviceName": "pricing"}},
          "spans": [
            {"traceID": "4bf92f3577b34da6a3ce929d0e0e4736", "spanID": "00f067aa0ba902b7",
             "operationName": "GET /cart", "processID": "p1", "startTime": 1000, "duration": 900,
             "references": [], "tags": [{"key": "span.kind", "value": "server"}]},
            {"traceID": "4bf92f3577b34da6a3ce929d0e0e4736", "spanID": "00f067aa0ba902b8",
             "operationName": "GET /price", "processID": "p2", "startTime": 1100, "duration": 500,
             "references": [{"refType": "CHILD_OF", "traceID": "4bf92f3577b34da6a3ce929d0e0e4736",
               "spanID": "00f067aa0ba902b7"}],
             "tags": [{"key": "span.kind", "value": "server"}]}]}]}
        """);

    HttpResponse<String> begun = api.json("POST", ALL, body);

    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    JsonNode view = await(Api.body(begun).get("session_id").stringValue(), "COMPLETED");
    assertThat(view.at("/defects/0/minimal/plan/faults/0/from").stringValue()).isEqualTo("cart");
    assertThat(view.at("/defects/0/minimal/plan/faults/0/service").stringValue())
        .isEqualTo("pricing");
  }

  @Test
  void whateverGoesWrongIsSaidInOneShape() throws Exception {
    String one = ALL + "/none";
    isProblem(api.get(ALL + "?limit=0"), 400, "INVALID_REQUEST", "limit");
    isProblem(api.get(one + "/trials?after=x"), 400, "INVALID_REQUEST", "after");
    isProblem(api.get(one + "/events?speed=1"), 400, "INVALID_REQUEST", "speed");
    isProblem(api.json("POST", ALL, "{"), 400, "INVALID_REQUEST", "");
    isProblem(api.get(one + "/events"), 404, "SESSION_NOT_FOUND", "");
    isProblem(api.get("/v1/optimization/none"), 404, "NOT_FOUND", "");
    isProblem(api.json("PUT", one, "{}"), 405, "METHOD_NOT_ALLOWED", "method");
    isProblem(api.json("POST", ALL, " ".repeat((1 << 20) + 1)), 413, "PAYLOAD_TOO_LARGE", "body");
    isProblem(
        api.send("POST", ALL, BodyPublishers.ofString("{}"), "Content-Type", "text/plain"),
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "Content-Type");
    isProblem(api.get("/v1/metrics?speed=1"), 400, "INVALID_REQUEST", "speed");
    isProblem(api.get(ALL, "Origin", "http://evil.example"), 403, "FORBIDDEN", "");
  }

  @Test
  void aPathThatCannotBeDecodedIsSaidInThatShapeToo() throws Exception {
    URI address = api.uri("/");
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String ask =
          "GET %s/%%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(ALL);
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("{\"error\":{\"code\":\"INVALID_REQUEST\",\"message\":");
    }
  }

  private static void isProblem(
      HttpResponse<String> answer, int status, String code, String field) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode error = Api.body(answer).get("error");
    assertThat(error.get("code").stringValue()).isEqualTo(code);
    assertThat(error.get("message").stringValue()).isNotBlank();
    assertThat(error.at("/details/field").asString("")).isEqualTo(field);
    assertThat(error.get("timestamp").isString()).isTrue();
    if (!field.isEmpty()) {
      assertThat(error.at("/details/constraint").stringValue()).isNotBlank();
    }
  }

  @Test
  void aSessionThatCannotBeWrittenDownIsRefusedForNow() throws Exception {
    Files.move(folder.resolve("sessions"), folder.resolve("away"));
    Files.writeString(folder.resolve("sessions"), "no folder");
    String body = "{\"service_name\": \"pricing\", \"search_space\": %s}".formatted(SPACE);

    HttpResponse<String> refused = api.json("POST", ALL, body);

    isProblem(refused, 503, "SERVICE_UNAVAILABLE", "");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void tellsWhatTheExecutorWasAskedForAndHowManyTrialsThereWere() throws Exception {
    await(begin("pricing", 4), "COMPLETED");
    await(begin("gone", 3), "FAILED");

    JsonNode metrics = api.read("/v1/metrics");

    assertThat(metrics.at("/executor/total_requests").intValue()).isGreaterThanOrEqualTo(8);
    assertThat(metrics.at("/executor/success_requests").intValue())
        .isEqualTo(metrics.at("/executor/total_requests").intValue());
    assertThat(metrics.at("/executor/failed_requests").intValue()).isZero();
    assertThat(metrics.at("/executor/latency_ms/p50").doubleValue()).isPositive();
    assertThat(metrics.at("/executor/latency_ms/p99").doubleValue())
        .isGreaterThanOrEqualTo(metrics.at("/executor/latency_ms/p50").doubleValue());
    assertThat(metrics.at("/sessions/total").intValue()).isEqualTo(2);
    assertThat(metrics.at("/sessions/completed").intValue()).isEqualTo(1);
    assertThat(metrics.at("/sessions/failed").intValue()).isEqualTo(1);
    assertThat(metrics.at("/trials/success").intValue()).isEqualTo(4);
    assertThat(api.get("/metrics").body())
        .contains(
            "belay_chaos_sessions{state=\"completed\"} 1.0",
            "belay_chaos_trials{outcome=\"success\"} 4.0",
            "belay_chaos_executor_requests_total{outcome=\"failed\"} 0.0");
  }

  @Test
  void whatIsNotThereIsA404() throws Exception {
    for (String path : List.of("", "/trials", "/trials/1")) {
      HttpResponse<String> missing = api.get(ALL + "/none" + path);
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(Api.body(missing).at("/error/code").stringValue()).isEqualTo("SESSION_NOT_FOUND");
    }
    assertThat(api.post(ALL + "/none/stop").statusCode()).isEqualTo(404);
    assertThat(api.post(ALL + "/none/abort").statusCode()).isEqualTo(404);
  }
}
