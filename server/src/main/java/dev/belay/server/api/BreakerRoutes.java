package dev.belay.server.api;

import dev.belay.CircuitBreaker;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.BreakerHistory;
import dev.belay.proxy.Upstream;
import dev.belay.server.live.Jsons;
import dev.belay.server.live.PoolEditor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/** The breakers of all proxies: their states, what they did, and a hand on them. */
final class BreakerRoutes {
  private static final String PATH = "/api/v1/circuit-breakers";

  private final PoolEditor pool;
  private final AttemptLedger ledger;

  BreakerRoutes(PoolEditor pool, AttemptLedger ledger) {
    this.pool = pool;
    this.ledger = ledger;
  }

  void addTo(Routes routes) {
    routes.get(PATH, ask -> all(ask, upstream -> {}));
    // before the one with a parameter, which it would fit as well
    routes.get(PATH + "/metrics", this::history);
    routes.get("/api/v1/metrics/circuit-breakers", this::history);
    routes.get(PATH + "/{proxyId}", ask -> one(ask, breaker -> {}));
    routes.add(
        HttpMethod.POST,
        PATH + "/{proxyId}/reset",
        Bodies.NONE,
        ask -> one(ask, CircuitBreaker::reset));
    routes.add(
        HttpMethod.POST,
        PATH + "/{proxyId}/trip",
        Bodies.NONE,
        ask -> one(ask, CircuitBreaker::trip));
    routes.add(
        HttpMethod.POST, PATH + "/reset-all", Bodies.NONE, ask -> all(ask, CircuitBreaker::reset));
  }

  private Reply all(Ask ask, Consumer<CircuitBreaker> act) {
    new Query(ask).close();
    List<Upstream> upstreams = pool.pool().upstreams();
    upstreams.forEach(upstream -> act.accept(upstream.breaker()));
    List<JsonObject> all = upstreams.stream().map(BreakerJson::write).toList();
    return Reply.ok(new JsonObject().put("circuit_breakers", new JsonArray(all)));
  }

  private Reply one(Ask ask, Consumer<CircuitBreaker> act) {
    new Query(ask).close();
    Upstream upstream = Proxies.find(pool, ask.param("proxyId"));
    act.accept(upstream.breaker());
    return Reply.ok(BreakerJson.write(upstream));
  }

  private Reply history(Ask ask) {
    Query query = new Query(ask);
    int hours = query.hours();
    query.close();
    BreakerHistory history = ledger.breakerEvents(hours);
    List<JsonObject> events = history.events().stream().map(BreakerJson::write).toList();
    JsonObject counts = new JsonObject();
    long changes = 0;
    for (var one : history.counts().entrySet()) {
      changes += one.getValue().events();
      counts.put(
          Jsons.proxyId(one.getKey()),
          new JsonObject()
              .put("changes", one.getValue().events())
              .put("opens", one.getValue().openings()));
    }
    JsonObject body =
        new JsonObject()
            .put("events", new JsonArray(events))
            .put("counts", counts)
            .put("total", changes);
    return Reply.ok(Windows.put(body, history.window(), changes > events.size()));
  }
}
