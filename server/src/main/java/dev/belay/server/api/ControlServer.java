package dev.belay.server.api;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.chaos.session.Sessions;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.History;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.proxy.Traffic;
import dev.belay.proxy.health.HealthMonitor;
import dev.belay.proxy.source.ProxySources;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.live.CallCounts;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.EventFeed;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.FaultControl;
import dev.belay.server.live.FaultSweep;
import dev.belay.server.live.Flows;
import dev.belay.server.live.LiveRequests;
import dev.belay.server.live.Models;
import dev.belay.server.live.PoolEditor;
import dev.belay.server.live.RecentLatencies;
import dev.belay.server.live.Sender;
import dev.belay.server.store.Alarm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;

/** The control port: health, metrics, the REST API and the page. Safe for any number of threads. */
public final class ControlServer {
  /** The most that is kept of the answer to a request that came over the API. */
  public static final int MOST_SENT_BYTES = SendRoutes.MOST_BYTES + 1;

  private static final int IDLE_SECONDS = 60;
  private static final int HEAD_BYTES = 16 * 1024;

  private final HttpServer server;
  private final String host;

  private ControlServer(HttpServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * What the API shows and changes.
   *
   * @param pool the proxies
   * @param policy for requests that name none
   * @param ledger what attempts came to
   * @param requests those under way
   * @param latencies of each proxy
   * @param counts for Prometheus
   * @param traffic of the forward proxy
   * @param feed what happens
   * @param history of attempts, beyond what the ledger remembers
   * @param store whether it works
   * @param reviews calls that wait for a person
   * @param models the gateway to models; empty if there is none
   * @param flows who carries plans out; empty if nobody does
   * @param faults those in force
   * @param sweep takes back what was left in force
   * @param sessions searches for faults that break systems
   * @param executor what sessions asked of the fault executor
   * @param upkeep of the pool
   * @param sender for requests that come over the API
   * @param time for how long it has been up
   */
  public record Rooms(
      PoolEditor pool,
      DefaultPolicy policy,
      AttemptLedger ledger,
      LiveRequests requests,
      RecentLatencies latencies,
      CallCounts counts,
      Traffic traffic,
      EventFeed feed,
      History history,
      Alarm store,
      ReviewQueue reviews,
      Optional<Models> models,
      Optional<Flows> flows,
      FaultControl faults,
      FaultSweep sweep,
      Sessions sessions,
      ExecutorUse executor,
      Upkeep upkeep,
      Sender sender,
      Time time) {
    /** Rejects an empty place. */
    public Rooms {
      for (Object room :
          List.of(
              pool, policy, ledger, requests, latencies, counts, traffic, feed, history, store,
              reviews, models, flows, faults, sweep, sessions, executor, upkeep, sender, time)) {
        requireNonNull(room, "room");
      }
    }
  }

  /**
   * What keeps the pool full and healthy.
   *
   * @param monitor checks the proxies
   * @param sources where proxies come from, besides the configuration
   */
  public record Upkeep(HealthMonitor monitor, ProxySources sources) {}

  /** Opens the port. */
  public static Future<ControlServer> start(Vertx vertx, BelayConfig.Control config, Rooms rooms) {
    Router router = Router.router(vertx);
    new SessionErrors(rooms.time()).addTo(router);
    router.route().handler(new Doorkeeper(config));
    routes(vertx, router, rooms, config.strictStatusCodes());
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setMaxHeaderSize(HEAD_BYTES)
            .setHandle100ContinueAutomatically(true)
            .setHttp2ClearTextEnabled(false);
    return vertx
        .createHttpServer(options)
        .requestHandler(router)
        .listen(config.port(), config.host())
        .map(server -> new ControlServer(server, config.host()));
  }

  /** All there is on the port. */
  static Routes routes(Vertx vertx, Router router, Rooms rooms, boolean strictStatusCodes) {
    Routes routes = new Routes(router);
    Metrics metrics = new Metrics(rooms);
    new Health(rooms).addTo(routes);
    routes.get(
        "/metrics",
        ask ->
            Reply.of(
                200, "text/plain; version=0.0.4; charset=utf-8", Buffer.buffer(metrics.scrape())));
    new PolicyRoutes(rooms.policy(), strictStatusCodes).addTo(routes);
    new BreakerRoutes(rooms.pool(), rooms.ledger()).addTo(routes);
    new RetryMetricRoutes(rooms.ledger(), rooms.history()).addTo(routes);
    new RequestRoutes(rooms.requests()).addTo(routes);
    new EventStream(vertx, rooms.feed()).addTo(routes);
    new ImportRoutes(rooms.pool(), rooms.time()).addTo(routes);
    new CheckRoutes(rooms.pool(), rooms.upkeep().monitor()).addTo(routes);
    new SourceRoutes(rooms.upkeep().sources()).addTo(routes);
    new SendRoutes(rooms.sender()).addTo(routes);
    new ModelRoutes(rooms.models()).addTo(routes);
    new ReviewRoutes(rooms.reviews(), rooms.time()).addTo(routes);
    new RunRoutes(rooms.flows(), rooms.time()).addTo(routes);
    new RunStream(vertx, rooms.flows(), rooms.time()).addTo(routes);
    new FaultPolicyRoutes(rooms.faults()).addTo(routes);
    new FaultHealth(rooms.faults(), rooms.sessions(), rooms.time()).addTo(routes);
    new FaultRoutes(rooms.faults(), rooms.sweep(), rooms.store()).addTo(routes);
    new FaultStream(vertx, rooms.faults()).addTo(routes);
    new SessionRoutes(rooms.sessions(), rooms.faults().policies(), rooms.time()).addTo(routes);
    new SessionStream(vertx, rooms.sessions()).addTo(routes);
    new MetricsRoutes(rooms.executor(), rooms.sessions(), rooms.time()).addTo(routes);
    new ProxyRoutes(rooms.pool(), rooms.latencies(), rooms.time()).addTo(routes);
    new DocRoutes().addTo(routes);
    new PageRoutes().addTo(routes);
    routes.close();
    return routes;
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
