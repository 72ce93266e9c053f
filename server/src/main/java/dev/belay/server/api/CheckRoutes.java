package dev.belay.server.api;

import dev.belay.proxy.Upstream;
import dev.belay.proxy.health.HealthMonitor;
import dev.belay.proxy.health.HealthReport;
import dev.belay.server.live.Jsons;
import dev.belay.server.live.PoolEditor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Checks of proxies: what the last ones found, and new ones on demand. */
final class CheckRoutes {
  private static final String PATH = "/api/v1/proxies";

  private final PoolEditor pool;
  private final HealthMonitor monitor;

  CheckRoutes(PoolEditor pool, HealthMonitor monitor) {
    this.pool = pool;
    this.monitor = monitor;
  }

  void addTo(Routes routes) {
    // before the ones with a parameter, which they would fit as well
    routes.get(PATH + "/checks", this::last);
    routes.add(HttpMethod.POST, PATH + "/check", Bodies.NONE, this::all);
    routes.add(HttpMethod.POST, PATH + "/{proxyId}/check", Bodies.NONE, this::one);
  }

  private Reply last(Ask ask) {
    new Query(ask).close();
    List<JsonObject> checks = new ArrayList<>();
    for (Upstream upstream : pool.pool().upstreams()) {
      monitor.report(upstream).ifPresent(report -> checks.add(write(upstream, report)));
    }
    return reply(checks);
  }

  private Reply one(Ask ask) {
    new Query(ask).close();
    Upstream upstream = Proxies.find(pool, ask.param("proxyId"));
    return Reply.ok(write(upstream, monitor.check(upstream).toCompletableFuture().join()));
  }

  /** Waits for all: a check ends in time by itself, and as many run at once as is configured. */
  private Reply all(Ask ask) {
    new Query(ask).close();
    List<Upstream> upstreams = pool.pool().upstreams();
    var checks = upstreams.stream().map(one -> monitor.check(one).toCompletableFuture()).toList();
    List<JsonObject> written = new ArrayList<>();
    for (int i = 0; i < upstreams.size(); i++) {
      written.add(write(upstreams.get(i), checks.get(i).join()));
    }
    return reply(written);
  }

  private static Reply reply(List<JsonObject> checks) {
    long working = checks.stream().filter(check -> check.getBoolean("working")).count();
    return Reply.ok(
        new JsonObject()
            .put("checks", new JsonArray(checks))
            .put("total", checks.size())
            .put("working", working));
  }

  private static JsonObject write(Upstream upstream, HealthReport report) {
    return new JsonObject()
        .put("proxy_id", upstream.id())
        .put("proxy", upstream.name())
        .put("checked_at", report.checkedAt().toString())
        .put("level", Jsons.word(report.level()))
        .put("working", report.isWorking())
        .put("latency", Jsons.seconds(report.latency()))
        .put("anonymity", Jsons.word(report.anonymity()))
        .put("error_class", report.isWorking() ? null : Jsons.word(report.error()))
        .put("blame", report.isWorking() ? null : Jsons.word(report.verdict().blame()))
        .put("message", report.message());
  }
}
