package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs over HTTP as a whole, with agents that are shells. */
@Timeout(60)
class RunApiTest {
  private static final String SHELL =
      "backends: {sh: {type: command, command: [sh, -s], environment: {SECRET: %s}}}\n"
          .formatted(Api.CANARY);

  @TempDir Path folder;
  private Api api = nothing();

  @SuppressWarnings("NullAway") // set before each test
  private static Api nothing() {
    return null;
  }

  @BeforeEach
  void start() throws Exception {
    api = Api.start("", "flow: {files: \"%s/runs\"}\n".formatted(folder));
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private HttpResponse<String> submit(String plan) throws Exception {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("plan", plan);
    body.put("directory", folder.toString());
    return api.json("POST", "/api/v1/runs", body.toString());
  }

  private String begin(String tasks) throws Exception {
    HttpResponse<String> response = submit(SHELL + tasks);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    String run = Api.body(response).get("run").stringValue();
    assertThat(response.headers().firstValue("Location")).contains("/api/v1/runs/" + run);
    return run;
  }

  private JsonNode view(String run) {
    try {
      return api.read("/api/v1/runs/" + run);
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private String state(String run) {
    return view(run).at("/run/state").stringValue();
  }

  private String task(String run, int at) {
    return view(run).at("/tasks/%d/state".formatted(at)).stringValue();
  }

  @Test
  void aPlanIsCarriedOutAndShown() throws Exception {
    String run =
        begin(
            """
            tasks:
              - {id: a, backend: sh, prompt: "echo hello $SECRET | cut -c1-5"}
              - {id: b, backend: sh, needs: [a], prompt: "echo '{{a}} there'"}
            """);
    Api.eventually("it is done", () -> state(run).equals("completed"));

    JsonNode view = view(run);
    assertThat(view.at("/tasks/1/needs/0").stringValue()).isEqualTo("a");
    assertThat(view.at("/attempts/0/outcome").stringValue()).isEqualTo("success");
    assertThat(view.at("/backends/0/breaker").isMissingNode()).isFalse();
    JsonNode result = api.read("/api/v1/runs/%s/tasks/b/result".formatted(run));
    assertThat(result.get("result").stringValue().strip()).isEqualTo("hello there");
    JsonNode log = api.read("/api/v1/runs/%s/tasks/b/log?lines=5".formatted(run));
    assertThat(log.at("/lines/0").stringValue()).isEqualTo("hello there");
    assertThat(api.read("/api/v1/runs").at("/runs/0/run").stringValue()).isEqualTo(run);
    assertThat(api.read("/api/v1/runs").at("/runs/0/tasks").toString())
        .isEqualTo("{\"completed\":2}");
    assertThat(api.get("/metrics").body()).contains("belay_flow_");
  }

  @Test
  void aRunAndATaskAreStoppedAndDoneAgain() throws Exception {
    String run =
        begin(
            """
            tasks:
              - {id: a, backend: sh, prompt: "[ -e go ] || sleep 60"}
              - {id: b, backend: sh, prompt: sleep 60}
            """);
    Api.eventually(
        "both work", () -> task(run, 0).equals("running") && task(run, 1).equals("running"));
    assertThat(api.post("/api/v1/runs/%s/resume".formatted(run)).statusCode()).isEqualTo(409);

    api.post("/api/v1/runs/%s/tasks/b/cancel".formatted(run));
    Api.eventually("b is stopped", () -> task(run, 1).equals("cancelled"));
    api.post("/api/v1/runs/%s/cancel".formatted(run));
    Api.eventually("all is stopped", () -> state(run).equals("cancelled"));
    Files.createFile(folder.resolve("go"));
    api.post("/api/v1/runs/%s/tasks/a/retry".formatted(run));
    Api.eventually("a is done", () -> task(run, 0).equals("completed"));

    assertThat(api.post("/api/v1/runs/none/cancel").statusCode()).isEqualTo(404);
    assertThat(api.post("/api/v1/runs/%s/tasks/none/retry".formatted(run)).statusCode())
        .isEqualTo(404);
    assertThat(api.get("/api/v1/runs/none").statusCode()).isEqualTo(404);
  }

  /** Whoever has this misses nothing that happens from now on. */
  private HttpResponse<InputStream> follow(String run, String last) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api.uri("/api/v1/runs/%s/events".formatted(run)));
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    HttpResponse<InputStream> response =
        api.client().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response;
  }

  private static List<String> events(HttpResponse<InputStream> response, int most)
      throws Exception {
    List<String> lines = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Api.checkSecrets(line);
        lines.add(line);
        if (lines.stream().filter(one -> one.startsWith("event:")).count() >= most
            || line.startsWith("event: end")) {
          break;
        }
      }
    }
    return lines;
  }

  @Test
  void eventsBeginWithASnapshotAndEndWithTheRun() throws Exception {
    String run =
        begin(
            """
            tasks:
              - {id: a, backend: sh, prompt: "while [ ! -e go ]; do sleep 0.05; done; echo seen"}
            """);
    Api.eventually("it works", () -> task(run, 0).equals("running"));
    List<String> first = events(follow(run, ""), 1);
    assertThat(first).contains("event: snapshot");
    String id =
        first.stream()
            .filter(line -> line.startsWith("id:"))
            .findFirst()
            .orElseThrow()
            .substring(3);
    HttpResponse<InputStream> again = follow(run, id.strip());
    Files.createFile(folder.resolve("go"));

    List<String> rest = events(again, 1_000);

    assertThat(String.join("\n", rest)).contains("seen").contains("event: end");
    assertThat(rest).doesNotContain("event: snapshot");
  }
}
