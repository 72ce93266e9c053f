package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.store.Store;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class RunsApiTest {
  private static final String RUNS = "/api/v1/runs";
  private static final JsonMapper JSON = new JsonMapper();

  /** A variable that every process has, as if a key were in it. */
  private static final String KEY = "PATH";

  /** With secrets wherever a plan may have some. */
  private static final String AGENT =
      """
      backends:
        agent:
          type: claude
          command: [agent, --key, %1$s]
          args: [%1$s]
          environment: {TOKEN: %1$s}
          key_variable: %2$s
          account: team
      """
          .formatted(Api.CANARY, KEY);

  private final TestAgent.Crew crew = new TestAgent.Crew();
  private final Store store = Store.inMemory();
  private Api api;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws Exception {
    api = Api.start(yaml(""), store, crew::agent);
  }

  private String yaml(String more) {
    return "control: {port: 0}\nproxy: {port: 0, socks_port: 0}\nflow: {files: \"%s\"%s}\n"
        .formatted(folder.resolve("files"), more);
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private static String plan(String tasks) {
    return AGENT + "tasks:\n" + tasks.indent(2);
  }

  private static String task(String id, String prompt, String... needs) {
    return "- {id: %s, role: agent, prompt: \"%s\", needs: [%s]}\n"
        .formatted(id, prompt, String.join(", ", needs));
  }

  private HttpResponse<String> post(Object plan) throws Exception {
    String body =
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("directory", folder.toString())
                .set("plan", JSON.valueToTree(plan)));
    return api.json("POST", RUNS, body);
  }

  private String submit(String plan) throws Exception {
    HttpResponse<String> response = post(plan);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    String run = Api.body(response).get("run").stringValue();
    assertThat(response.headers().firstValue("Location")).contains(RUNS + "/" + run);
    return run;
  }

  /** Reads with all checks, and without the key. */
  private JsonNode view(String run) {
    try {
      HttpResponse<String> response = api.get(RUNS + "/" + run);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).doesNotContain(System.getenv(KEY));
      return Api.body(response);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private JsonNode await(String run, String state) {
    Api.eventually(run + " is " + state, () -> state.equals(stateOf(view(run).get("run"))));
    return view(run);
  }

  private void awaitTask(String run, String task, String state) {
    Api.eventually(task + " is " + state, () -> state.equals(stateOf(task(view(run), task))));
  }

  private static String stateOf(JsonNode node) {
    return node.get("state").stringValue();
  }

  private static JsonNode task(JsonNode view, String id) {
    for (JsonNode task : view.get("tasks")) {
      if (task.get("task").stringValue().equals(id)) {
        return task;
      }
    }
    throw new AssertionError("no task " + id);
  }

  private static String code(HttpResponse<String> response) {
    return response.statusCode() + " " + Api.body(response).get("error").stringValue();
  }

  private static String message(HttpResponse<String> response) {
    return Api.body(response).get("message").stringValue();
  }

  @Test
  void carriesAPlanOutAndShowsAllOfIt() throws Exception {
    String run = submit(plan(task("a", "build it") + task("b", "test it", "a")));

    JsonNode view = await(run, "completed");

    assertThat(view.at("/run/run").stringValue()).isEqualTo(run);
    assertThat(view.at("/run/directory").stringValue()).isEqualTo(folder.toString());
    assertThat(view.at("/run/spend/cost").doubleValue()).isEqualTo(1);
    assertThat(view.at("/run/ended").isString()).isTrue();
    assertThat(view.get("tasks")).hasSize(2);
    JsonNode b = task(view, "b");
    assertThat(b.get("role").stringValue()).isEqualTo("agent");
    assertThat(b.at("/needs/0").stringValue()).isEqualTo("a");
    assertThat(stateOf(b)).isEqualTo("completed");
    assertThat(b.get("attempts").intValue()).isEqualTo(1);
    assertThat(b.get("outcome").stringValue()).isEqualTo("success");
    assertThat(b.get("until").isNull()).isTrue();
    assertThat(b.at("/spend/input_tokens").intValue()).isEqualTo(10);
    assertThat(view.get("attempts")).hasSize(2);
    assertThat(view.at("/attempts/0/backend").stringValue()).isEqualTo("agent");
    assertThat(view.at("/attempts/0/account").stringValue()).isEqualTo("team");
    assertThat(view.at("/backends/0/type").stringValue()).isEqualTo("claude");
    JsonNode list = api.read(RUNS + "?limit=1");
    assertThat(list.at("/runs/0/run").stringValue()).isEqualTo(run);
    JsonNode log = api.read(RUNS + "/" + run + "/tasks/a/log?lines=1");
    assertThat(log.at("/lines/0").stringValue()).contains("told to build");
    JsonNode result = api.read(RUNS + "/" + run + "/tasks/a/result");
    assertThat(result.get("result").stringValue()).isEqualTo("did build");
    assertThat(api.read(RUNS + "/" + run + "/tasks/a/result?step=0")).isEqualTo(result);
    assertThat(code(api.get(RUNS + "/" + run + "/tasks/a/result?step=7")))
        .isEqualTo("404 RESULT_NOT_FOUND");
  }

  @Test
  void takesAPlanAsAnObject() throws Exception {
    JsonNode plan =
        JSON.readTree(
            """
            {"backends": {"agent": {"type": "claude"}},
             "tasks": [{"id": "a", "role": "agent", "prompt": "build \\"ß😀\\"\\n: it"}]}
            """);

    HttpResponse<String> response = post(plan);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    await(Api.body(response).get("run").stringValue(), "completed");
  }

  @Test
  void tellsEverythingThatIsWrongWithAPlanWithItsLine() throws Exception {
    HttpResponse<String> response =
        post(
            """
            backends:
              agent: {type: command, command: [agent], concurrency: 0}
            tasks:
              - {id: a, role: nobody, prompt: x}
              - {id: b, role: agent, prompt: x, colour: red}
            """);

    assertThat(code(response)).isEqualTo("422 PLAN_INVALID");
    JsonNode problems = Api.body(response).at("/details/problems");
    assertThat(problems.findValuesAsString("place"))
        .containsExactly("backends.agent.concurrency", "tasks[1].colour");
    assertThat(problems.get(0).get("line").intValue()).isEqualTo(2);
    assertThat(problems.get(1).get("line").intValue()).isEqualTo(5);
    assertThat(problems.get(1).get("message").stringValue()).contains("unknown key");
    assertThat(api.read(RUNS).get("runs")).isEmpty();
  }

  @Test
  void tellsWhatCannotBeRunHere() throws Exception {
    HttpResponse<String> missing =
        post("backends: {x: {type: goose}}\ntasks: [{id: a, role: x, prompt: y}]\n");
    assertThat(code(missing)).isEqualTo("422 PLAN_INVALID");
    assertThat(Api.body(missing).at("/details/problems/0/place").stringValue())
        .isEqualTo("backends.x");
    assertThat(missing.body()).contains("only claude works here");
    HttpResponse<String> nowhere =
        api.json(
            "POST",
            RUNS,
            JSON.writeValueAsString(
                JSON.createObjectNode()
                    .put("plan", plan(task("a", "x")))
                    .put("directory", "/no/such/place")));
    assertThat(code(nowhere)).isEqualTo("422 PLAN_INVALID");
    assertThat(Api.body(nowhere).at("/details/problems/0/place").stringValue())
        .isEqualTo("directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'plan': 'x'}",
        "{'directory': '/'}",
        "{'plan': 5, 'directory': '/'}",
        "{'plan': ['x'], 'directory': '/'}",
        "{'plan': 'x', 'directory': 5}",
        "{'plan': 'x', 'directory': ' '}",
        "{'plan': 'x', 'directory': 'a\\u0000b'}",
        "{'plan': 'x', 'directory': '/', 'more': 1}",
      })
  void refusesBodiesThatAreNotRight(String body) throws Exception {
    assertThat(code(api.json("POST", RUNS, body.replace('\'', '"'))))
        .isEqualTo("400 VALIDATION_ERROR");
  }

  @ParameterizedTest
  @CsvSource({
    "'{', 400 INVALID_JSON",
    "'[]', 400 INVALID_JSON",
    "'{\"plan\": \"a: [\", \"directory\": \"/\"}', 422 PLAN_INVALID",
    "'{\"plan\": \"\", \"directory\": \"/\"}', 422 PLAN_INVALID",
    "'{\"plan\": {}, \"directory\": \"/\"}', 422 PLAN_INVALID",
  })
  void refusesWhatIsNoPlan(String body, String code) throws Exception {
    assertThat(code(api.json("POST", RUNS, body))).isEqualTo(code);
  }

  @Test
  void refusesQueriesThatAreNotRight() throws Exception {
    String run = submit(plan(task("a", "build")));
    for (String path :
        new String[] {
          "?limit=0",
          "?limit=1001",
          "?more=1",
          "/" + run + "?x=1",
          "/" + run + "/tasks/a/log?lines=0",
          "/" + run + "/tasks/a/result?step=-1",
          "/" + run + "/events?x=1"
        }) {
      assertThat(code(api.get(RUNS + path))).as(path).isEqualTo("400 VALIDATION_ERROR");
    }
  }

  @Test
  void whatIsNotThereIsA404() throws Exception {
    String run = submit(plan(task("a", "wait g")));
    for (String path : new String[] {"/none", "/none/tasks/a/log", "/none/tasks/a/result"}) {
      assertThat(code(api.get(RUNS + path))).as(path).isEqualTo("404 RUN_NOT_FOUND");
    }
    assertThat(code(api.get(RUNS + "/none/events"))).isEqualTo("404 RUN_NOT_FOUND");
    for (String act : new String[] {"cancel", "resume"}) {
      HttpResponse<String> response = api.post(RUNS + "/none/" + act);
      assertThat(code(response)).isEqualTo("404 RUN_NOT_FOUND");
      assertThat(message(response)).contains("GET /api/v1/runs lists");
    }
    for (String act : new String[] {"cancel", "retry"}) {
      assertThat(code(api.post(RUNS + "/" + run + "/tasks/none/" + act)))
          .isEqualTo("404 TASK_NOT_FOUND");
    }
    assertThat(code(api.get(RUNS + "/" + run + "/tasks/none/log"))).isEqualTo("404 TASK_NOT_FOUND");
    assertThat(code(answer(run, "a", "1", "x"))).isEqualTo("404 QUESTION_NOT_FOUND");
    assertThat(code(answer(run, "a", "one", "x"))).isEqualTo("404 QUESTION_NOT_FOUND");
  }

  @Test
  void namesDoNotLeadOutOfTheFolderOfFiles() throws Exception {
    String run = submit(plan(task("a", "build")));
    await(run, "completed");
    java.nio.file.Files.writeString(folder.resolve("other.log"), "somebody else's");

    for (String path :
        new String[] {
          "/%2E%2E/tasks/other/log",
          "/" + run + "/tasks/..%2F..%2Fother/log",
          "/" + run + "%2F..%2F..%2F/tasks/other/log",
          "/a%00b/tasks/other/log"
        }) {
      HttpResponse<String> response = api.get(RUNS + path);
      assertThat(response.statusCode()).as(path).isBetween(400, 404);
      assertThat(response.body()).doesNotContain("somebody");
    }
  }

  @Test
  void cancelsATaskAndARunAndGoesOn() throws Exception {
    String run = submit(plan(task("a", "wait a") + task("b", "wait b") + task("c", "x", "b")));
    awaitTask(run, "a", "running");
    awaitTask(run, "b", "running");
    assertThat(code(api.post(RUNS + "/" + run + "/resume"))).isEqualTo("409 RUN_STATE");
    assertThat(code(api.post(RUNS + "/" + run + "/tasks/a/retry"))).isEqualTo("409 RUN_STATE");

    assertThat(api.post(RUNS + "/" + run + "/tasks/b/cancel").statusCode()).isEqualTo(200);
    awaitTask(run, "b", "cancelled");
    awaitTask(run, "c", "blocked");
    assertThat(task(view(run), "c").get("why").stringValue()).contains("b");
    assertThat(code(api.post(RUNS + "/" + run + "/tasks/b/cancel"))).isEqualTo("409 RUN_STATE");
    HttpResponse<String> cancelled = api.post(RUNS + "/" + run + "/cancel");
    assertThat(Api.body(cancelled).get("run").stringValue()).isEqualTo(run);
    await(run, "cancelled");
    HttpResponse<String> again = api.post(RUNS + "/" + run + "/cancel");
    assertThat(code(again)).isEqualTo("409 RUN_STATE");
    assertThat(message(again)).contains("is over").contains("GET /api/v1/runs/" + run);

    crew.open("a");
    crew.open("b");
    assertThat(api.post(RUNS + "/" + run + "/resume").statusCode()).isEqualTo(200);
    assertThat(stateOf(task(await(run, "completed"), "c"))).isEqualTo("completed");
  }

  @Test
  void doesATaskOnceMore() throws Exception {
    String run = submit(plan(task("a", "fail it") + task("b", "x", "a") + task("c", "y")));
    JsonNode failed = await(run, "failed");
    assertThat(task(failed, "a").get("outcome").stringValue()).isEqualTo("agent_failed");
    assertThat(failed.at("/attempts/0/message").stringValue()).contains("cannot it");

    assertThat(api.post(RUNS + "/" + run + "/tasks/a/retry").statusCode()).isEqualTo(200);

    Api.eventually("it was tried again", () -> view(run).get("attempts").size() == 3);
    await(run, "failed");
  }

  private HttpResponse<String> answer(String run, String task, String number, String text)
      throws Exception {
    return api.json(
        "POST",
        "%s/%s/tasks/%s/questions/%s".formatted(RUNS, run, task, number),
        "{\"answer\": \"%s\", \"by\": \"ann\"}".formatted(text));
  }

  @Test
  void answersAQuestionOnce() throws Exception {
    String run = submit(plan(task("a", "ask which colour?") + task("b", "wait g")));
    awaitTask(run, "a", "asking");
    JsonNode question = view(run).at("/questions/0");
    assertThat(question.get("text").stringValue()).isEqualTo("which colour?");
    assertThat(question.get("answer").isNull()).isTrue();
    for (String body : new String[] {"{}", "{\"answer\": \"\", \"by\": \"ann\"}"}) {
      assertThat(code(api.json("POST", RUNS + "/" + run + "/tasks/a/questions/1", body)))
          .isEqualTo("400 VALIDATION_ERROR");
    }

    assertThat(answer(run, "a", "1", "blue").statusCode()).isEqualTo(200);
    awaitTask(run, "a", "completed");

    assertThat(answer(run, "a", "1", "blue").statusCode()).as("again").isEqualTo(200);
    HttpResponse<String> other = answer(run, "a", "1", "red");
    assertThat(code(other)).isEqualTo("409 RUN_STATE");
    assertThat(message(other)).contains("answered by ann already");
    assertThat(view(run).at("/questions/0/by").stringValue()).isEqualTo("ann");
  }

  @Test
  void showsAndEndsCooldowns() throws Exception {
    String run = submit(plan(task("a", "rest five_hour")));
    awaitTask(run, "a", "parked");

    JsonNode cooldown = api.read("/api/v1/cooldowns").at("/cooldowns/0");
    assertThat(cooldown.get("account").stringValue()).isEqualTo("team");
    assertThat(cooldown.get("source").stringValue()).isEqualTo("event");
    assertThat(cooldown.get("seconds_left").doubleValue()).isGreaterThan(3_600);
    assertThat(view(run).get("cooldowns").get(0).get("until")).isEqualTo(cooldown.get("until"));
    assertThat(task(view(run), "a").get("until").isString()).isTrue();
    assertThat(api.get("/metrics").body()).contains("belay_flow_cooldowns 1.0");
    api.post(RUNS + "/" + run + "/cancel");
    await(run, "cancelled");

    HttpResponse<String> ended =
        api.send("DELETE", "/api/v1/cooldowns/team", BodyPublishers.noBody());
    assertThat(ended.statusCode()).isEqualTo(204);
    assertThat(api.read("/api/v1/cooldowns").get("cooldowns")).isEmpty();
    assertThat(code(api.send("DELETE", "/api/v1/cooldowns/team", BodyPublishers.noBody())))
        .isEqualTo("404 COOLDOWN_NOT_FOUND");
  }

  @Test
  void countsRunsTasksAndAttempts() throws Exception {
    await(submit(plan(task("a", "fail it") + task("b", "x"))), "failed");
    awaitTask(submit(plan(task("a", "wait g"))), "a", "running");

    Api.eventually("it is written down", () -> metrics().contains("state=\"running\"} 1.0"));
    assertThat(metrics())
        .contains("belay_flow_runs{state=\"failed\"} 1.0")
        .contains("belay_flow_runs{state=\"running\"} 1.0")
        .contains("belay_flow_tasks{state=\"completed\"} 0.0")
        .contains("belay_flow_attempts{backend=\"agent\",outcome=\"agent_failed\"} 1.0")
        .contains("belay_flow_attempts{backend=\"agent\",outcome=\"success\"} 1.0")
        .contains("belay_flow_cooldowns 0.0");
    assertThat(api.get("/health").body()).doesNotContain("flow");
  }

  private String metrics() {
    try {
      return api.get("/metrics").body();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void whereNoPlansAreCarriedOutThatIsSaid() throws Exception {
    try (Api off = Api.start(yaml(", on: false"))) {
      for (String path : new String[] {"", "/x", "/x/events", "/x/tasks/a/log"}) {
        assertThat(code(off.get(RUNS + path))).isEqualTo("404 NO_RUNS");
      }
      assertThat(code(off.get("/api/v1/cooldowns"))).isEqualTo("404 NO_RUNS");
      assertThat(off.get("/metrics").body()).doesNotContain("belay_flow");
    }
  }
}
