package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.ledger.AttemptLedger;
import dev.belay.proxy.Traffic;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Alarm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/** The control port: {@code /health} and {@code /metrics}. Safe for any number of threads. */
public final class ControlServer {
  private final HttpServer server;
  private final String host;

  private ControlServer(HttpServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /** Opens the port. */
  public static Future<ControlServer> start(
      Vertx vertx,
      BelayConfig.Control config,
      UpstreamPool pool,
      Traffic traffic,
      AttemptLedger ledger,
      Alarm store,
      Time time) {
    Metrics metrics = new Metrics(pool, traffic, ledger, store);
    long started = time.nanos();
    Router router = Router.router(vertx);
    router.route().handler(new Doorkeeper(config));
    router.get("/health").handler(ctx -> health(ctx, pool, store, time.nanos() - started));
    router
        .get("/metrics")
        .handler(ctx ->
            ctx.response()
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(metrics.scrape()));
    router.route().handler(ControlServer::notFound);
    return vertx
        .createHttpServer(new HttpServerOptions().setIdleTimeout(60).setMaxHeaderSize(16 * 1024))
        .requestHandler(router)
        .listen(config.port(), config.host())
        .map(server -> new ControlServer(server, config.host()));
  }

  private static void health(RoutingContext ctx, UpstreamPool pool, Alarm store, long upNanos) {
    long selectable = pool.upstreams().stream().filter(Upstream::isSelectable).count();
    JsonObject proxies =
        new JsonObject().put("total", pool.upstreams().size()).put("selectable", selectable);
    Answers.json(
        ctx,
        200,
        new JsonObject()
            .put("status", "UP")
            .put("uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(upNanos))
            .put("proxies", proxies)
            .put("store", new JsonObject().put("failing", store.isRaised())));
  }

  private static void notFound(RoutingContext ctx) {
    Answers.error(
        ctx,
        404,
        "NOT_FOUND",
        "There is nothing at %s; try /health or /metrics.".formatted(ctx.normalizedPath()));
  }

  /** The port. */
  public int port() {
    return server.actualPort();
  }

  /** The address. */
  public String host() {
    return host;
  }

  /** Closes it. */
  public Future<Void> stop() {
    return server.close();
  }
}
