package dev.belay.server.api;

import dev.belay.BreakerState;
import dev.belay.EndpointStats;
import dev.belay.StopReason;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.Summary;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.llm.review.ReviewState;
import dev.belay.proxy.Traffic;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.server.live.CallCounts;
import dev.belay.server.live.Jsons;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus scrapes. Everything is read from counters that are kept anyway, at the moment of
 * the scrape: a request pays nothing for it. Safe for any number of threads.
 */
final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final UpstreamPool pool;
  private final CallCounts counts;
  private final Optional<ModelMetrics> models;
  private final Optional<RunMetrics> runs;
  private final SessionMetrics sessions;
  private final List<PerProxy> perProxy;

  /** A value for each proxy. */
  private record PerProxy(MultiGauge gauge, ToDoubleFunction<Upstream> value) {}

  Metrics(ControlServer.Rooms rooms) {
    this.pool = rooms.pool().pool();
    this.counts = rooms.counts();
    new JvmMemoryMetrics().bindTo(registry);
    traffic(rooms.traffic());
    ledger(rooms.ledger());
    calls();
    gauge("belay_calls_running", "calls under way", rooms.requests(), all -> all.all().size());
    gauge(
        "belay_store_failing",
        "1 while the store fails",
        rooms.store(),
        alarm -> alarm.isRaised() ? 1 : 0);
    reviews(rooms.reviews());
    this.models = rooms.models().map(models -> new ModelMetrics(models, registry));
    this.runs = rooms.flows().map(flows -> new RunMetrics(flows, registry));
    this.sessions = new SessionMetrics(rooms.sessions(), rooms.executor(), registry);
    this.perProxy =
        List.of(
            perProxy(
                "belay_circuit_breaker_state",
                "0 closed, 1 open, 2 half-open",
                upstream -> number(upstream.breaker().state())),
            perProxy(
                "belay_proxy_attempts_in_flight",
                "attempts running now",
                upstream -> upstream.stats().inFlight()),
            perProxy(
                "belay_proxy_success_ratio",
                "successes among the last 100 attempts",
                upstream -> stats(upstream).successRate()),
            perProxy(
                "belay_proxy_attempts_started",
                "attempts since the start",
                upstream -> stats(upstream).started()),
            perProxy(
                "belay_proxy_failures",
                "attempts that failed by the proxy's fault since the start",
                upstream -> stats(upstream).failures()),
            perProxy(
                "belay_proxy_latency_mean_seconds",
                "moving average of successful attempts",
                upstream -> stats(upstream).meanNanos() / 1e9));
  }

  private static EndpointStats.Snapshot stats(Upstream upstream) {
    return upstream.stats().snapshot();
  }

  private static int number(BreakerState state) {
    return switch (state) {
      case CLOSED, HELD_CLOSED -> 0;
      case OPEN, HELD_OPEN -> 1;
      case HALF_OPEN -> 2;
    };
  }

  private PerProxy perProxy(String name, String help, ToDoubleFunction<Upstream> value) {
    return new PerProxy(MultiGauge.builder(name).description(help).register(registry), value);
  }

  private void traffic(Traffic traffic) {
    counter("belay_requests", "requests in absolute form", traffic, Traffic::requests);
    counter("belay_tunnels", "tunnels asked for", traffic, Traffic::tunnels);
    counter("belay_refusals", "refused before any proxy was tried", traffic, Traffic::refusals);
    counter("belay_bytes_up", "bytes from clients", traffic, Traffic::bytesUp);
    counter("belay_bytes_down", "bytes to clients", traffic, Traffic::bytesDown);
    gauge("belay_connections", "client connections open now", traffic, Traffic::connections);
    gauge("belay_tunnels_open", "tunnels open now", traffic, Traffic::openTunnels);
    traffic
        .malformed()
        .keySet()
        .forEach(reason ->
            FunctionCounter.builder(
                    "belay_malformed_requests",
                    traffic,
                    t -> t.malformed().getOrDefault(reason, 0L))
                .description("requests that two parsers could read in two ways")
                .tag("reason", reason.name().toLowerCase(java.util.Locale.ROOT))
                .register(registry));
  }

  private void ledger(AttemptLedger ledger) {
    gauge("belay_attempts_24h", "attempts in 24 h", ledger, l -> summary(l).totals().attempts());
    gauge("belay_retries_24h", "retries in 24 h", ledger, l -> summary(l).totals().retries());
  }

  private void calls() {
    for (StopReason reason : StopReason.values()) {
      tagged(
          "belay_calls",
          "requests and tunnels that came to an end",
          Tags.of("outcome", Jsons.word(reason)),
          all -> all.calls(reason));
    }
    for (CallCounts.Result result : CallCounts.Result.values()) {
      Tags outcome = Tags.of("outcome", Jsons.word(result));
      tagged("belay_attempts", "attempts that ended", outcome, all -> all.attempts(result));
      tagged(
          "belay_retries",
          "attempts other than the first that ended",
          outcome,
          all -> all.retries(result));
    }
    for (String state : List.of("closed", "open", "half_open")) {
      tagged(
          "belay_circuit_breaker_transitions",
          "changes of breakers by the state they led to",
          Tags.of("to", state),
          all -> all.edges(state));
    }
    tagged(
        "belay_retry_wait_seconds",
        "waits before attempts, added up",
        Tags.empty(),
        CallCounts::waitedSeconds);
  }

  private void reviews(ReviewQueue reviews) {
    gauge("belay_reviews_open", "calls that wait for a person", reviews, Metrics::open);
    for (ReviewState state : ReviewState.values()) {
      if (state != ReviewState.OPEN) {
        tagged(
            "belay_reviews_settled",
            "reviews that this server settled, by what they came to",
            Tags.of("state", Jsons.word(state)),
            all -> all.reviews(state));
      }
    }
  }

  /** Not known while the store fails. */
  private static double open(ReviewQueue reviews) {
    try {
      return reviews.stats().open();
    } catch (UncheckedIOException failing) {
      return Double.NaN;
    }
  }

  private static Summary summary(AttemptLedger ledger) {
    return ledger.summary(24);
  }

  private <T> void counter(String name, String help, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value).description(help).register(registry);
  }

  /** The registry holds on to the counts weakly, this object for good. */
  private void tagged(String name, String help, Tags tags, ToDoubleFunction<CallCounts> value) {
    FunctionCounter.builder(name, counts, value).description(help).tags(tags).register(registry);
  }

  private <T> void gauge(String name, String help, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).description(help).strongReference(true).register(registry);
  }

  /** The text for Prometheus. */
  String scrape() {
    List<Upstream> upstreams = pool.upstreams();
    for (PerProxy one : perProxy) {
      one.gauge()
          .register(upstreams.stream().map(upstream -> row(upstream, one.value())).toList(), true);
    }
    models.ifPresent(ModelMetrics::update);
    runs.ifPresent(RunMetrics::update);
    sessions.update();
    return registry.scrape()
        + counts.durations("belay_call_duration_seconds")
        + models.map(ModelMetrics::histograms).orElse("");
  }

  private static Row<?> row(Upstream upstream, ToDoubleFunction<Upstream> value) {
    return Row.of(Tags.of("proxy", upstream.name()), upstream, value);
  }
}
