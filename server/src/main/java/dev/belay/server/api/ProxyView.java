package dev.belay.server.api;

import dev.belay.BreakerSnapshot;
import dev.belay.Endpoint;
import dev.belay.EndpointStats;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.server.live.Jsons;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proxy at one moment, without its password.
 *
 * @param stats of its recent attempts
 * @param p95 of its last successes; empty if there were none
 * @param score 0.7 x success rate + 0.3 x (1 - latency / largest latency of all), 0 to 1
 * @param source {@code config}, {@code api}, or the name of the source that brought it
 * @param expiresAt when it leaves the pool by itself, if it does
 */
record ProxyView(
    Upstream upstream,
    EndpointStats.Snapshot stats,
    BreakerSnapshot breaker,
    Optional<Duration> p95,
    double score,
    String source,
    Optional<Instant> expiresAt) {

  String state() {
    return Jsons.state(breaker.state());
  }

  double p95Seconds() {
    return p95.map(Jsons::seconds).orElse(0.0);
  }

  /** 0 for one that needs no test. */
  double secondsUntilTest() {
    return breaker.nextTest().isPresent() ? Jsons.seconds(breaker.untilTest()) : 0;
  }

  JsonObject json() {
    ProxyAddress address = upstream.address();
    Endpoint.Traits traits = upstream.traits();
    boolean limited = traits.maxConcurrent() != Integer.MAX_VALUE;
    return new JsonObject()
        .put("id", upstream.id())
        .put("url", upstream.address().url())
        .put("scheme", address.scheme().text())
        .put("host", address.host())
        .put("port", address.port())
        .put("has_credentials", address.credentials().isPresent())
        .put("region", traits.region())
        .put("country", traits.country())
        .put("tags", new JsonArray(traits.tags().stream().sorted().toList()))
        .put("weight", traits.weight())
        .put("cost", traits.cost())
        .put("max_concurrent", limited ? traits.maxConcurrent() : null)
        .put("source", source)
        .put("expires_at", expiresAt.map(Instant::toString).orElse(null))
        .put("selectable", upstream.isSelectable())
        .put("seconds_until_test", BreakerJson.secondsUntilTest(breaker))
        .put("score", score)
        .put("stats", statsJson())
        .put("circuit_breaker", BreakerJson.write(upstream, breaker, upstream.breaker().policy()));
  }

  private JsonObject statsJson() {
    @Nullable Double slow = p95.map(Jsons::seconds).orElse(null);
    return new JsonObject()
        .put("success_rate", stats.successRate())
        .put("samples", stats.samples())
        .put("attempts", stats.started())
        .put("successes", stats.successes())
        .put("failures", stats.failures())
        .put("consecutive_failures", stats.consecutiveFailures())
        .put("in_flight", stats.inFlight())
        .put("latency_mean", stats.meanNanos() / 1e9)
        .put("latency_p95", slow);
  }
}
