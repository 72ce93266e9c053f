package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.TaskState;
import dev.belay.flow.plan.PlanFile;
import dev.belay.server.live.Flows;
import dev.belay.settings.ConfigException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Plans that agents carry out: to submit, to look at, to steer. */
final class RunRoutes {
  static final String PATH = "/api/v1/runs";
  private static final String RUN = PATH + "/{run}";
  private static final String TASK = RUN + "/tasks/{task}";
  private static final String COOLDOWNS = "/api/v1/cooldowns";
  private static final int LONGEST_PATH = 4_096;
  private static final int LONGEST_ANSWER = 100_000;
  private static final int LONGEST_NAME = 256;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private static final Bodies PLAN = new Bodies(List.of("application/json"), 16 << 20);

  /** An answer of the longest text, each character of it escaped. */
  private static final Bodies ANSWER = new Bodies(List.of("application/json"), 1 << 20);

  private final Optional<Flows> flows;
  private final Time time;

  RunRoutes(Optional<Flows> flows, Time time) {
    this.flows = flows;
    this.time = time;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.POST, PATH, PLAN, this::submit);
    routes.get(PATH, this::list);
    routes.get(RUN, this::one);
    routes.get(TASK + "/log", this::log);
    routes.get(TASK + "/result", this::result);
    routes.add(HttpMethod.POST, RUN + "/cancel", Bodies.NONE, this::cancel);
    routes.add(HttpMethod.POST, RUN + "/resume", Bodies.NONE, this::resume);
    routes.add(HttpMethod.POST, TASK + "/cancel", Bodies.NONE, this::cancelTask);
    routes.add(HttpMethod.POST, TASK + "/retry", Bodies.NONE, this::retry);
    routes.add(HttpMethod.POST, TASK + "/questions/{number}", ANSWER, this::answer);
    routes.get(COOLDOWNS, this::cooldowns);
    routes.add(HttpMethod.DELETE, COOLDOWNS + "/{account}", Bodies.NONE, this::endCooldown);
  }

  private Flows there(Ask ask) {
    new Query(ask).close();
    return flows.orElseThrow(ApiProblem::noFlow);
  }

  private Reply submit(Ask ask) {
    RunEngine engine = there(ask).engine();
    Fields fields = ask.fields();
    Optional<JsonNode> plan = fields.textOrObject("plan", "a plan, as its text or as an object");
    Optional<Path> directory = fields.words("directory", LONGEST_PATH).flatMap(RunRoutes::path);
    fields.close();
    try {
      String run = engine.submit(read(plan.orElseThrow(), directory), directory.orElseThrow());
      return Reply.json(201, new JsonObject().put("run", run)).with("Location", PATH + "/" + run);
    } catch (PlanException wrong) {
      throw ApiProblem.badPlan(problems(wrong));
    } catch (RunRefused closed) {
      throw ApiProblem.busy(sentence(closed));
    }
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException notOne) {
      throw ApiProblem.invalid(
          new ApiProblem.Fault("directory", Shown.text(text), "the path of a directory"));
    }
  }

  /** Prompt files that the plan names are looked for where its tasks work. */
  private static Plan read(JsonNode plan, Optional<Path> directory) {
    boolean text = plan.isString();
    try {
      // JSON is YAML, too, but the lines of our own writing would mean nothing to the client
      return PlanFile.read(
          text ? plan.stringValue() : plan.toString(), "plan", directory.orElseThrow());
    } catch (ConfigException wrong) {
      throw ApiProblem.badPlan(
          new JsonArray(
              wrong.problems().stream()
                  .map(problem -> {
                    JsonObject json =
                        new JsonObject()
                            .put("place", problem.path())
                            .put("message", RunJson.plain(problem.message()));
                    return text && problem.line() > 0 ? json.put("line", problem.line()) : json;
                  })
                  .toList()));
    }
  }

  private static JsonArray problems(PlanException wrong) {
    return RunJson.list(
        wrong.problems(),
        problem ->
            new JsonObject()
                .put("place", problem.place())
                .put("message", RunJson.plain(problem.message())));
  }

  private Reply list(Ask ask) {
    Query query = new Query(ask);
    int limit = query.whole("limit", 1, 1_000, 50);
    query.close();
    RunEngine engine = flows.orElseThrow(ApiProblem::noFlow).engine();
    List<RunStatus> runs = engine.runs(limit);
    Map<String, Map<TaskState, Integer>> tallies =
        engine.tallies(runs.stream().map(RunStatus::run).toList());
    return Reply.ok(
        new JsonObject()
            .put(
                "runs",
                RunJson.list(
                    runs, run -> RunJson.run(run, tallies.getOrDefault(run.run(), Map.of())))));
  }

  private Reply one(Ask ask) {
    return Reply.ok(RunJson.view(view(there(ask), ask), time.instant()));
  }

  private static RunView view(Flows flows, Ask ask) {
    String run = ask.param("run");
    return flows.engine().view(run).orElseThrow(() -> ApiProblem.noPlanRun(run));
  }

  /** The name of a task that is there: what is asked for becomes the name of a file. */
  private static String task(Flows flows, Ask ask) {
    String task = ask.param("task");
    if (!view(flows, ask).plan().tasks().containsKey(task)) {
      throw ApiProblem.noTask(task);
    }
    return task;
  }

  private Reply log(Ask ask) {
    Query query = new Query(ask);
    int lines = query.whole("lines", 1, 10_000, 200);
    query.close();
    Flows there = flows.orElseThrow(ApiProblem::noFlow);
    String task = task(there, ask);
    List<String> log = there.engine().log(ask.param("run"), task, lines);
    return Reply.ok(
        new JsonObject()
            .put("run", ask.param("run"))
            .put("task", task)
            .put("lines", new JsonArray(log.stream().map(RunJson::plain).toList())));
  }

  private Reply result(Ask ask) {
    Query query = new Query(ask);
    int step = query.whole("step", 0, 1_000_000, -1);
    query.close();
    Flows there = flows.orElseThrow(ApiProblem::noFlow);
    String task = task(there, ask);
    String text =
        there
            .engine()
            .result(ask.param("run"), task, step)
            .orElseThrow(() -> ApiProblem.noResult(task));
    return Reply.ok(
        new JsonObject()
            .put("run", ask.param("run"))
            .put("task", task)
            .put("result", RunJson.plain(text)));
  }

  private Reply cancel(Ask ask) {
    return steer(
        ask,
        "RUN_NOT_FOUND",
        "GET /api/v1/runs/{run} shows how it stands.",
        engine -> engine.cancel(ask.param("run")));
  }

  private Reply resume(Ask ask) {
    return steer(
        ask,
        "RUN_NOT_FOUND",
        "Wait for its end, or cancel it first.",
        engine -> engine.resume(ask.param("run")));
  }

  private Reply cancelTask(Ask ask) {
    return steer(
        ask,
        "TASK_NOT_FOUND",
        "GET /api/v1/runs/{run} shows how its tasks stand; a task that is over can be retried.",
        engine -> engine.cancel(ask.param("run"), ask.param("task")));
  }

  private Reply retry(Ask ask) {
    return steer(
        ask,
        "TASK_NOT_FOUND",
        "GET /api/v1/runs/{run} shows how its tasks stand.",
        engine -> engine.retry(ask.param("run"), ask.param("task")));
  }

  private Reply answer(Ask ask) {
    Fields fields = ask.fields();
    Optional<String> text = fields.words("answer", LONGEST_ANSWER);
    Optional<String> by = fields.words("by", LONGEST_NAME);
    fields.close();
    String number = ask.param("number");
    int known = NUMBER.matcher(number).matches() ? Integer.parseInt(number) : 0;
    return steer(
        ask,
        "QUESTION_NOT_FOUND",
        "GET /api/v1/runs/{run} shows the questions of its tasks.",
        engine ->
            engine.answer(
                ask.param("run"), ask.param("task"), known, text.orElseThrow(), by.orElseThrow()));
  }

  /**
   * Does something with a run and gives how it stands then.
   *
   * @param missing the code if what is asked for is not there
   * @param remedy what to do if the state does not allow it
   */
  private Reply steer(Ask ask, String missing, String remedy, Consumer<RunEngine> act) {
    RunEngine engine = there(ask).engine();
    String run = ask.param("run");
    try {
      act.accept(engine);
    } catch (RunRefused refused) {
      String shown = remedy.replace("{run}", Shown.path(run));
      throw switch (refused.reason()) {
        case UNKNOWN ->
            ApiProblem.missing(missing, sentence(refused) + " GET /api/v1/runs lists all.");
        case STATE -> ApiProblem.wrongState("%s %s".formatted(sentence(refused), shown));
      };
    } catch (PlanException wrong) {
      throw ApiProblem.badPlan(problems(wrong));
    } catch (RuntimeException failed) {
      if (failed.getCause() instanceof UncheckedIOException store) {
        throw store;
      }
      throw failed;
    }
    return Reply.ok(RunJson.run(view(there(ask), ask).run()));
  }

  private static String sentence(RunRefused refused) {
    String text = RunJson.plain(String.valueOf(refused.getMessage()));
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private Reply cooldowns(Ask ask) {
    return Reply.ok(
        new JsonObject()
            .put(
                "cooldowns",
                RunJson.list(
                    there(ask).cooldowns(), one -> RunJson.cooldown(one, time.instant()))));
  }

  private Reply endCooldown(Ask ask) {
    String account = ask.param("account");
    if (!there(ask).engine().endCooldown(account)) {
      throw ApiProblem.missing(
          "COOLDOWN_NOT_FOUND",
          "No account of that name rests; GET /api/v1/cooldowns lists those that do.");
    }
    return Reply.empty(204);
  }
}
