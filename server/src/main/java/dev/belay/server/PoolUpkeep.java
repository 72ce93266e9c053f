package dev.belay.server;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.proxy.ForwardProxy;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.health.HealthMonitor;
import dev.belay.proxy.health.HealthSettings;
import dev.belay.proxy.health.NetworkCheck;
import dev.belay.proxy.source.Gateway;
import dev.belay.proxy.source.ProxySources;
import dev.belay.proxy.source.SourceStatus;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.live.EventFeed;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ClientSSLOptions;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What keeps a pool full and healthy: checks and sources. Safe for any number of threads. */
final class PoolUpkeep {
  private final Vertx vertx;
  private final UpstreamPool pool;
  private final Time time;
  private final HealthMonitor monitor;
  private final ProxySources sources;
  private volatile HealthSettings health;
  private volatile NetworkCheck check;

  /** Begins to check; sources come by {@link #use}. */
  PoolUpkeep(
      Vertx vertx,
      UpstreamPool pool,
      EventFeed feed,
      ForwardProxy proxy,
      ProxySettings.Access access,
      HealthSettings health,
      Time time) {
    this.vertx = vertx;
    this.pool = pool;
    this.time = time;
    this.health = health;
    this.check = check(health);
    this.monitor =
        new HealthMonitor(
            pool,
            health.schedule(),
            check,
            time,
            Thread::startVirtualThread,
            SharedRandom.INSTANCE);
    this.sources =
        new ProxySources(
            vertx,
            pool,
            () -> gateway(proxy, access),
            new ClientSSLOptions(),
            time,
            Thread::startVirtualThread,
            SharedRandom.INSTANCE);
    sources.tell(status -> tell(feed, status));
  }

  /** A source has changed the pool. */
  private void tell(EventFeed feed, SourceStatus status) {
    feed.publish(
        EventFeed.POOL,
        new JsonObject()
            .put("change", "source")
            .put("source", status.name())
            .put("count", status.proxies())
            .put("proxies", pool.upstreams().size()));
  }

  private NetworkCheck check(HealthSettings health) {
    return new NetworkCheck(
        vertx,
        health.probe(),
        new ClientSSLOptions(),
        time,
        Runtime.getRuntime().availableProcessors());
  }

  private static Gateway gateway(ForwardProxy proxy, ProxySettings.Access access) {
    String host =
        switch (proxy.host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "::1";
          default -> proxy.host();
        };
    Map.Entry<String, String> user =
        access.users().entrySet().stream().findFirst().orElse(Map.entry("", ""));
    return new Gateway(host, proxy.port(), user.getKey(), user.getValue());
  }

  /**
   * Goes on by other rules.
   *
   * @return done when each new file of proxies has been read
   */
  CompletionStage<Void> use(BelayConfig.Upkeep upkeep) {
    pool.recoverBy(upkeep.recovery());
    if (!upkeep.health().equals(health)) {
      checkBy(upkeep.health());
    }
    return sources.use(upkeep.sources());
  }

  private void checkBy(HealthSettings next) {
    NetworkCheck before = check;
    long lastChecks = health.probe().timeout().plusSeconds(5).toMillis();
    health = next;
    check = check(next);
    monitor.use(next.schedule(), check);
    vertx.setTimer(lastChecks, none -> before.close());
  }

  /** What is known of the proxies' health. */
  HealthMonitor monitor() {
    return monitor;
  }

  /** Where proxies come from. */
  ProxySources sources() {
    return sources;
  }

  /** Checks and asks no more. */
  void stop() {
    sources.close();
    monitor.close();
    var unused = check.close();
  }
}
