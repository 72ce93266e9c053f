package dev.belay.server.api;

import dev.belay.llm.cache.CacheCounts;
import dev.belay.llm.call.LlmRoute;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.delay.Rollout;
import dev.belay.llm.delay.WaitHistogram;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transcript.TranscriptHealth;
import dev.belay.server.live.Jsons;
import dev.belay.server.live.Models;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What the API says of models. */
final class ModelJson {
  private ModelJson() {}

  static JsonObject overview(Models models) {
    return new JsonObject()
        .put("routes", new JsonArray(models.routes().stream().map(ModelJson::route).toList()))
        .put(
            "requests",
            new JsonObject()
                .put("all", models.counts().requests())
                .put("refused", models.counts().refused())
                .put("passed", models.counts().passed())
                .put("answered", models.counts().answered()))
        .put("cache", cache(models.cache()))
        .put("transcripts", models.transcripts().map(ModelJson::transcripts).orElse(null));
  }

  private static JsonObject route(LlmRoute route) {
    JsonArray endpoints = new JsonArray();
    for (LlmEndpoint endpoint : route.endpoints()) {
      Gate.State gate = route.gate(endpoint).state();
      endpoints.add(
          new JsonObject()
              .put("name", endpoint.name())
              .put("provider", endpoint.provider())
              .put("model", endpoint.model())
              .put("breaker", Jsons.word(endpoint.breaker().state()))
              .put("closed_for_ms", gate.closedFor().toMillis())
              .put("why", gate.why())
              .put("waiting", gate.waiting())
              .put("remaining", new JsonObject(new TreeMap<String, Object>(gate.remaining()))));
    }
    return new JsonObject().put("name", route.name()).put("endpoints", endpoints);
  }

  private static JsonObject cache(CacheCounts counts) {
    return new JsonObject()
        .put("hits", counts.hits())
        .put("misses", counts.misses())
        .put("shared", counts.shared())
        .put("stores", counts.stores())
        .put("stale", counts.stale())
        .put("failures", counts.failures())
        .put("hit_rate", counts.hitRate());
  }

  private static JsonObject transcripts(TranscriptHealth health) {
    return new JsonObject()
        .put("calls", health.calls())
        .put("lines", health.lines())
        .put("dropped", health.dropped())
        .put("errors", health.errors())
        .put("last_error", health.lastError())
        .put("failing", health.failing());
  }

  static JsonObject rollout(Models models) {
    Rollout.State state = models.delays().rollout().state();
    return new JsonObject()
        .put("flag", Jsons.word(state.flag()))
        .put("enabled", state.enabled())
        .put("preset", Jsons.word(models.delays().settings().preset()))
        .put("percent", state.percent())
        .put("since", state.since().toString())
        .put("halted", state.halted())
        .put("problem", models.problem().orElse(""))
        .put("fresh", side(state.fresh(), models.delays().telemetry().fresh()))
        .put("baseline", side(state.baseline(), models.delays().telemetry().baseline()));
  }

  private static JsonObject side(Rollout.Side side, DelayTelemetry counts) {
    WaitHistogram waits = counts.histogram("wait");
    WaitHistogram recovery = counts.histogram("time_to_recovery");
    Map<String, Object> shadow = new TreeMap<>();
    counts
        .counts()
        .forEach((series, count) -> {
          if (series.name().equals("shadow")) {
            shadow.put(series.label(), count);
          }
        });
    return new JsonObject()
        .put("recent_calls", Math.round(side.calls()))
        .put("error_rate", side.errorRate())
        .put("p95_ms", side.p95().toMillis())
        .put("calls", counts.total("calls"))
        .put("attempts", counts.total("attempts"))
        .put("retries", counts.total("retries"))
        .put("fallbacks", counts.total("fallbacks"))
        .put("give_ups", counts.total("give_ups"))
        .put("wasted_calls", counts.total("wasted_calls"))
        .put("hints_seen", counts.total("hints_seen"))
        .put("hints_honoured", counts.total("hints_honoured"))
        .put("recoveries", counts.total("recoveries"))
        .put("mean_wait_ms", mean(waits))
        .put("mean_recovery_ms", mean(recovery))
        .put("waits", histogram(waits))
        .put("would_have", new JsonObject(shadow));
  }

  private static long mean(WaitHistogram of) {
    long count = of.count();
    return count == 0 ? 0 : of.sum().dividedBy(count).toMillis();
  }

  private static JsonArray histogram(WaitHistogram of) {
    JsonArray ranges = new JsonArray();
    for (int i = 0; i <= of.ends().size(); i++) {
      Duration end = i < of.ends().size() ? of.ends().get(i) : Duration.ZERO;
      ranges.add(
          new JsonObject()
              .put("up_to_ms", i < of.ends().size() ? end.toMillis() : null)
              .put("count", of.count(i)));
    }
    return ranges;
  }

  static JsonObject summary(ErrorReports.Summary summary) {
    return new JsonObject()
        .put("run", summary.runId())
        .put("total", summary.total())
        .put("by_class", new JsonObject(new TreeMap<String, Object>(summary.byClass())))
        .put("by_component", new JsonObject(new TreeMap<String, Object>(summary.byComponent())))
        .put("first", summary.first())
        .put("last", summary.last());
  }

  /** In an order that stays. */
  static JsonArray gates(Models models) {
    return new JsonArray(
        models.gates().states().stream()
            .sorted(Comparator.comparing(state -> state.key().toString()))
            .map(state ->
                new JsonObject()
                    .put("key", state.key().toString())
                    .put("closed_for_ms", state.closedFor().toMillis())
                    .put("why", state.why())
                    .put("waiting", state.waiting()))
            .toList());
  }
}
