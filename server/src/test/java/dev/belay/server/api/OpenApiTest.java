package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.CallObserver;
import dev.belay.RetryBudget;
import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.Sessions;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.History;
import dev.belay.ledger.LedgerStore;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.PolicyStore;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.PoolStore;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.health.HealthMonitor;
import dev.belay.proxy.health.HealthSettings;
import dev.belay.proxy.health.ProxyCheck;
import dev.belay.proxy.source.Gateway;
import dev.belay.proxy.source.ProxySources;
import dev.belay.select.RoundRobin;
import dev.belay.server.live.CallCounts;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.EventFeed;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.FaultControl;
import dev.belay.server.live.LiveRequests;
import dev.belay.server.live.PoolEditor;
import dev.belay.server.live.RecentLatencies;
import dev.belay.server.live.Sender;
import dev.belay.server.store.Store;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class OpenApiTest {
  /** All routes of the control port. */
  private static Set<String> routes() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Time time = Time.system();
      EventFeed feed = new EventFeed(time);
      UpstreamPool pool =
          new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});
      ForwardProxy proxy =
          ForwardProxy.start(
                  vertx,
                  ProxySettings.DEFAULT.withListen(new ProxySettings.Listen("127.0.0.1", 0, 0)),
                  ForwardProxy.Parts.of(pool))
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      AttemptLedger ledger = new AttemptLedger(time);
      ControlServer.Rooms rooms =
          new ControlServer.Rooms(
              new PoolEditor(pool, new PoolChanges(pool, PoolStore.inMemory(), List.of()), feed),
              new DefaultPolicy(
                  ProxySettings.DEFAULT.policies(), time, feed, PolicyStore.inMemory()),
              ledger,
              new LiveRequests(time, feed),
              new RecentLatencies(),
              new CallCounts(),
              proxy.traffic(),
              feed,
              new History(ledger, LedgerStore.inMemory(), Duration.ofDays(7)),
              Store.inMemory().alarm(),
              Store.inMemory().reviews(),
              Optional.empty(),
              Optional.empty(),
              FaultControl.of(FaultPolicyStore.inMemory(), time),
              owner -> List.of(),
              new Sessions(
                  (id, spec) -> {
                    throw new IllegalArgumentException("there is no system");
                  },
                  new MemorySessionStore(),
                  Sessions.Settings.DEFAULT,
                  time,
                  Runnable::run),
              new ExecutorUse(),
              new ControlServer.Upkeep(monitor(pool, time), sources(vertx, pool, time)),
              new Sender(
                  pool,
                  RetryBudget.standard(time),
                  CallObserver.NONE,
                  ProxySettings.DEFAULT,
                  1_000),
              time);
      Set<String> routes = new TreeSet<>();
      ControlServer.routes(vertx, Router.router(vertx), rooms, false)
          .operations()
          .forEach((path, methods) -> methods.forEach(method -> routes.add(method + " " + path)));
      return routes;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static HealthMonitor monitor(UpstreamPool pool, Time time) {
    ProxyCheck none = proxy -> new CompletableFuture<>();
    return new HealthMonitor(
        pool, HealthSettings.Schedule.DEFAULT, none, time, Runnable::run, new SplittableRandom(1));
  }

  private static ProxySources sources(Vertx vertx, UpstreamPool pool, Time time) {
    return new ProxySources(
        vertx,
        pool,
        () -> new Gateway("127.0.0.1", 1, "", ""),
        new ClientSSLOptions(),
        time,
        Runnable::run,
        new SplittableRandom(1));
  }

  @Test
  void describesEveryRouteAndNoOther() throws Exception {
    assertThat(new TreeSet<>(new OpenApi().operations())).isEqualTo(routes());
  }

  @Test
  void isSoundInItself() {
    OpenApi document = new OpenApi();
    assertThat(document.document().get("openapi").stringValue()).isEqualTo("3.1.0");
    assertThat(document.brokenReferences()).isEmpty();
    assertThat(document.foreignAddresses()).isEmpty();
    var ids = document.document().findValuesAsString("operationId");
    assertThat(ids).doesNotHaveDuplicates().hasSameSizeAs(document.operations());
    assertThat(ids)
        .contains(
            "getRetryPolicy",
            "updateRetryPolicy",
            "listCircuitBreakers",
            "getCircuitBreaker",
            "resetCircuitBreaker",
            "getCircuitBreakerMetrics",
            "getRetryMetrics",
            "getRetryTimeseries",
            "getRetryStatsByProxy");
  }

  @Test
  void isKeptByEveryOperation() throws Exception {
    try (FaultyOrigin origin =
            FaultyOrigin.start(
                Script.of(Reply.ok("hello"), Reply.status(503), Reply.ok("again"), Reply.hang()));
        FaultyProxy upstream =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        Api api =
            Api.start(
                "{url: \"http://ann:%s@127.0.0.1:%d\", tags: [paid]}"
                    .formatted(Api.CANARY, upstream.port()),
                "retry: {base_delay: 10ms}\nflow: {files: target/walked-runs}\n"
                    + "chaos: {sessions: target/walked-sessions,"
                    + " services: {shop: {url: \"http://127.0.0.1:9/\"}}}\n")) {
      assertThat(api.through(origin.uri("/1")).body()).isEqualTo("hello");
      assertThat(api.through(origin.uri("/2")).body()).isEqualTo("again");
      CompletableFuture<?> hanging = api.throughAsync(origin.uri("/3"));
      walk(api);
      hanging.cancel(true);
      Set<String> left = new HashSet<>(api.document().operations());
      left.removeAll(api.document().seen());
      assertThat(left).as("operations that were not walked through").isEmpty();
    }
  }

  private static void walk(Api api) throws Exception {
    api.get("/health");
    api.get("/metrics");
    JsonNode document = api.read("/openapi.json");
    assertThat(document.get("paths").propertyNames())
        .isEqualTo(api.document().document().get("paths").propertyNames());
    api.get("/docs");
    api.get("/docs/docs.js");
    api.get("/");
    api.get("/page/main.js");
    api.get("/api/v1/retry/policy");
    api.json("PUT", "/api/v1/retry/policy", "{}");
    api.json("PATCH", "/api/v1/retry/policy", "{\"max_attempts\": 4}");
    api.get("/api/v1/circuit-breakers");
    JsonNode proxy = api.read("/api/v1/proxies").get("proxies").get(0);
    String id = proxy.get("id").stringValue();
    assertThat(proxy.at("/stats/latency_p95").isNumber()).isTrue();
    api.post("/api/v1/circuit-breakers/%s/trip".formatted(id));
    api.get("/api/v1/circuit-breakers/" + id);
    api.get("/api/v1/proxies/" + id);
    api.post("/api/v1/circuit-breakers/%s/reset".formatted(id));
    api.post("/api/v1/circuit-breakers/reset-all");
    api.get("/api/v1/circuit-breakers/metrics");
    api.get("/api/v1/metrics/circuit-breakers?hours=168");
    api.get("/api/v1/metrics/retries");
    api.get("/api/v1/metrics/retries/timeseries?interval=minute");
    api.get("/api/v1/metrics/retries/by-proxy");
    api.get("/api/v1/metrics/retries/by-policy");
    api.get("/api/v1/metrics/retries/by-host");
    Api.eventually("a request is under way", () -> total(api) == 1);
    String request = api.read("/api/v1/requests").at("/requests/0/request_id").stringValue();
    api.get("/api/v1/requests/" + request);
    api.json("PATCH", "/api/v1/proxies/" + id, "{\"region\": \"EU\"}");
    api.post("/api/v1/proxies/%s/check".formatted(id));
    api.get("/api/v1/proxies/checks");
    api.post("/api/v1/proxies/check");
    for (String part : List.of("", "/gates", "/rollout", "/errors", "/errors/none")) {
      api.get("/api/v1/llm" + part);
    }
    api.json("POST", "/api/v1/llm/rollout/halt", "{\"reason\": \"so\"}");
    api.post("/api/v1/llm/rollout/resume");
    api.get("/api/v1/reviews");
    api.get("/api/v1/reviews/rev-none");
    api.json(
        "POST",
        "/api/v1/reviews/rev-none/decision",
        "{\"type\": \"approve\", \"reviewer\": \"ann\"}");
    api.get("/api/v1/sources");
    api.post("/api/v1/sources/none/refresh");
    api.get("/api/v1/metrics/retries/daily");
    api.json("POST", "/api/v1/request", "{\"url\": \"ftp://127.0.0.1\"}");
    api.json("POST", "/api/v1/proxies", "{\"url\": \"http://127.0.0.1:9\"}");
    api.send(
        "POST",
        "/api/v1/proxies/import",
        BodyPublishers.ofString("127.0.0.1:10\nnonsense\n"),
        "Content-Type",
        "text/plain");
    api.send("DELETE", "/api/v1/proxies/" + id, BodyPublishers.noBody());
    runs(api);
    stream(api, "/api/v1/events/stream", "/api/v1/events/stream");
    faults(api);
    stream(api, "/v1/config/stream", "/v1/config/stream");
    sessions(api);
  }

  private static void sessions(Api api) throws Exception {
    String all = "/v1/optimization/sessions";
    HttpResponse<String> begun =
        api.json("POST", all, "{\"service_name\": \"shop\", \"max_trials\": 3}");
    String path = all + "/" + Api.body(begun).get("session_id").stringValue();
    api.get(all);
    api.get("/v1/optimization/services");
    api.get("/v1/metrics");
    api.get("/v1/optimization/services/shop/map");
    api.get(path);
    api.json("POST", "/v1/optimization/plans", "{\"service_name\": \"shop\"}");
    api.json(
        "POST",
        "/v1/optimization/plans",
        """
        {"service_name": "shop", "search_space": {"dimensions": [
          {"name": "error_code", "type": "categorical", "values": [500, 503]}]}}
        """);
    api.get(path + "/defects");
    api.get(path + "/defects/1?format=curl");
    api.json("POST", path + "/minimise", "{\"trial_id\": 1}");
    api.get(path + "/report");
    api.get(path + "/trials");
    api.get(path + "/trials/1");
    stream(api, path + "/events", all + "/{session}/events");
    api.json("POST", path + "/stop", "{\"reason\": \"enough\"}");
    api.post(path + "/abort");
  }

  private static void faults(Api api) throws Exception {
    String policy =
        """
        {"metadata":{"name":"slow","version":"1.0.%d","owner":"s1"},"spec":{"rules":[
          {"match":{"path":{"prefix":"/"}},
           "fault":{"percentage":100,"duration_seconds":9,"delay":{"fixed_delay_ms":5}}}]}}
        """;
    api.get("/v1/health");
    api.get("/v1/ready");
    api.json("POST", "/v1/policies", policy.formatted(1));
    api.json("POST", "/v1/policies/create", policy.formatted(1));
    api.json("PUT", "/v1/policies/slow", policy.formatted(2));
    api.get("/v1/policies");
    api.get("/v1/policies/slow");
    api.get("/v1/policies/status");
    api.post("/v1/policies/slow/lease");
    api.post("/v1/leases?owner=s1");
    api.send("DELETE", "/v1/policies/slow", BodyPublishers.noBody());
    api.send("DELETE", "/v1/policies?owner=s1", BodyPublishers.noBody());
    String id =
        Api.body(
                api.json(
                    "POST", "/v1/faults/apply", "{\"policy\":%s}".formatted(policy.formatted(3))))
            .get("apply_id")
            .stringValue();
    api.get("/v1/faults");
    api.json(
        "POST",
        "/v1/agents/plane-1",
        """
        {"services":["pricing"],"applied_version":99,"receipts":[
          {"policy":"slow","rule":0,"kind":"delay","from":"cart","service":"pricing","ts":7}]}
        """);
    api.get("/v1/agents");
    api.get("/v1/receipts?policy=slow");
    api.get("/v1/faults/" + id + "/status");
    api.get("/v1/faults/" + id + "/metrics");
    api.send("DELETE", "/v1/faults/" + id, BodyPublishers.noBody());
    api.get("/v1/halt");
    api.post("/v1/halt");
    api.post("/v1/resume");
    api.post("/v1/sweep");
  }

  private static void runs(Api api) throws Exception {
    HttpResponse<String> begun =
        api.json(
            "POST",
            "/api/v1/runs",
            """
            {"directory": "target",
             "plan": "backends: {sh: {type: command, command: [sh, -s]}}\\ntasks: [{id: a, backend: sh, prompt: echo hello}]"}
            """);
    String run = Api.body(begun).get("run").stringValue();
    String path = "/api/v1/runs/" + run;
    api.get("/api/v1/runs");
    api.get(path);
    stream(api, path + "/events", "/api/v1/runs/{run}/events");
    api.get(path + "/tasks/a/log");
    api.get(path + "/tasks/a/result");
    api.post(path + "/cancel");
    api.post(path + "/resume");
    api.post(path + "/tasks/a/cancel");
    api.post(path + "/tasks/a/retry");
    api.json("POST", path + "/tasks/a/questions/1", "{\"answer\": \"so\", \"by\": \"ann\"}");
    api.get("/api/v1/cooldowns");
    api.send("DELETE", "/api/v1/cooldowns/none", BodyPublishers.noBody());
  }

  private static int total(Api api) {
    try {
      return api.read("/api/v1/requests").get("total").intValue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Has no end, so only its head can be held against the document. */
  private static void stream(Api api, String path, String documentedPath) throws Exception {
    HttpResponse<InputStream> response =
        api.client()
            .send(HttpRequest.newBuilder(api.uri(path)).build(), BodyHandlers.ofInputStream());
    response.body().close();
    JsonNode documented =
        api.document()
            .document()
            .at("/paths/%s/get/responses/200/content".formatted(documentedPath.replace("/", "~1")));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(documented.has(response.headers().firstValue("Content-Type").orElse(""))).isTrue();
    api.document().seen().add("GET " + documentedPath);
  }
}
