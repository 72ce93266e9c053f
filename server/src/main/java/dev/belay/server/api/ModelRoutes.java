package dev.belay.server.api;

import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.json.Json;
import dev.belay.server.live.Models;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The gateway to models: what it stands for, how long it waits, and what failed. */
final class ModelRoutes {
  private static final String PATH = "/api/v1/llm";
  private static final int LONGEST = 500;

  private final Optional<Models> models;

  ModelRoutes(Optional<Models> models) {
    this.models = models;
  }

  void addTo(Routes routes) {
    routes.get(PATH, ask -> Reply.ok(ModelJson.overview(there(ask))));
    routes.get(
        PATH + "/gates",
        ask -> Reply.ok(new JsonObject().put("gates", ModelJson.gates(there(ask)))));
    routes.get(PATH + "/rollout", ask -> Reply.ok(ModelJson.rollout(there(ask))));
    routes.add(HttpMethod.POST, PATH + "/rollout/halt", Bodies.JSON, this::halt);
    routes.add(HttpMethod.POST, PATH + "/rollout/resume", Bodies.NONE, this::resume);
    routes.get(PATH + "/errors", this::runs);
    routes.get(PATH + "/errors/{run}", this::errors);
  }

  private Models there(Ask ask) {
    new Query(ask).close();
    return models.orElseThrow(ApiProblem::noModels);
  }

  private Reply halt(Ask ask) {
    Models there = there(ask);
    Fields fields = ask.fields();
    Optional<String> reason = fields.words("reason", LONGEST);
    fields.close();
    reason.ifPresent(there.delays().rollout()::halt);
    return Reply.ok(ModelJson.rollout(there));
  }

  private Reply resume(Ask ask) {
    Models there = there(ask);
    there.delays().rollout().resume();
    return Reply.ok(ModelJson.rollout(there));
  }

  private ErrorReports reports(Ask ask) {
    return there(ask).errors().orElseThrow(ApiProblem::noReports);
  }

  private Reply runs(Ask ask) {
    ErrorReports reports = reports(ask);
    try {
      JsonArray runs = new JsonArray();
      for (String run : reports.runIds().reversed()) {
        runs.add(ModelJson.summary(reports.summary(run)));
      }
      return Reply.ok(new JsonObject().put("runs", runs));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Reply errors(Ask ask) {
    ErrorReports reports = reports(ask);
    String run = ask.param("run");
    try {
      List<Json.Obj> all = reports.list(run);
      if (all.isEmpty()) {
        throw ApiProblem.noRun(run);
      }
      return Reply.ok(
          new JsonObject()
              .put("summary", ModelJson.summary(reports.summary(run)))
              .put("errors", new JsonArray(Json.of(List.<Json>copyOf(all)).toString())));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
