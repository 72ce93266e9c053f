package dev.belay.server.api;

import dev.belay.ErrorClass;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.Breakdown;
import dev.belay.ledger.BreakerHistory;
import dev.belay.ledger.History;
import dev.belay.ledger.Percentiles;
import dev.belay.ledger.Summary;
import dev.belay.ledger.Timeseries;
import dev.belay.ledger.Totals;
import dev.belay.server.live.Jsons;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What attempts came to: in all, over time, by proxy, policy and host. */
final class RetryMetricRoutes {
  private static final String PATH = "/api/v1/metrics/retries";
  private static final List<String> INTERVALS =
      Arrays.stream(Timeseries.Interval.values()).map(Jsons::word).toList();

  private final AttemptLedger ledger;
  private final History history;

  RetryMetricRoutes(AttemptLedger ledger, History history) {
    this.ledger = ledger;
    this.history = history;
  }

  void addTo(Routes routes) {
    routes.get(PATH, this::summary);
    routes.get(PATH + "/timeseries", this::timeseries);
    routes.get(PATH + "/daily", this::daily);
    routes.get(PATH + "/by-proxy", this::byProxy);
    routes.get(PATH + "/by-policy", ask -> breakdown("policies", "policy", byPolicy(ask)));
    routes.get(PATH + "/by-host", ask -> breakdown("hosts", "host", byHost(ask)));
  }

  private static int hours(Ask ask) {
    Query query = new Query(ask);
    int hours = query.hours();
    query.close();
    return hours;
  }

  private Breakdown byPolicy(Ask ask) {
    return ledger.byPolicy(hours(ask));
  }

  private Breakdown byHost(Ask ask) {
    return ledger.byHost(hours(ask));
  }

  private Reply summary(Ask ask) {
    Summary summary = ledger.summary(hours(ask));
    JsonObject body =
        counts(summary.totals())
            .put("success_by_attempt", successes(summary.totals()))
            .put("failures_by_class", failures(summary.totals()))
            .put("latency", latency(summary.latency()))
            .put("total_retry_wait", Jsons.seconds(summary.totals().waited()))
            .put("circuit_breaker_events_count", summary.breakerEvents());
    return Reply.ok(Windows.put(body, summary.window()));
  }

  private Reply timeseries(Ask ask) {
    Query query = new Query(ask);
    int hours = query.hours();
    String interval = query.oneOf("interval", INTERVALS).orElse("hour");
    query.close();
    Timeseries series =
        history.timeseries(hours, Timeseries.Interval.valueOf(interval.toUpperCase(Locale.ROOT)));
    JsonObject body =
        new JsonObject().put("interval", interval).put("data_points", points(series.points()));
    return Reply.ok(Windows.put(body, series.window()));
  }

  private static JsonArray points(List<Timeseries.Point> points) {
    return new JsonArray(
        points.stream()
            .map(point ->
                new JsonObject()
                    .put("timestamp", point.at().toString())
                    .mergeIn(counts(point.totals()))
                    .put("success_by_attempt", successes(point.totals()))
                    .put("latency", latency(point.latency())))
            .toList());
  }

  private Reply daily(Ask ask) {
    Query query = new Query(ask);
    int days = query.whole("days", 1, History.DAYS, 30);
    query.close();
    return Reply.ok(
        new JsonObject()
            .put("days", days)
            .put("retention_days", History.DAYS)
            .put("data_points", points(history.days(days))));
  }

  private Reply byProxy(Ask ask) {
    int hours = hours(ask);
    Breakdown breakdown = ledger.byEndpoint(hours);
    BreakerHistory breakers = ledger.breakerEvents(hours);
    Map<String, Totals> all = new TreeMap<>(breakdown.totals());
    breakers.counts().keySet().forEach(name -> all.putIfAbsent(name, Totals.NONE));
    JsonObject proxies = new JsonObject();
    all.forEach((name, totals) -> {
      String id = Jsons.proxyId(name);
      proxies.put(
          id,
          new JsonObject()
              .put("proxy_id", id)
              .put("proxy", name)
              .mergeIn(stats(totals))
              .put("circuit_breaker_opens", breakers.counts(name).openings()));
    });
    return Reply.ok(Windows.put(new JsonObject().put("proxies", proxies), breakdown.window()));
  }

  private static Reply breakdown(String plural, String singular, Breakdown breakdown) {
    JsonObject all = new JsonObject();
    breakdown
        .totals()
        .forEach((name, totals) ->
            all.put(
                name,
                new JsonObject()
                    .put(singular, name)
                    .mergeIn(counts(totals))
                    .mergeIn(stats(totals))
                    .put("success_by_attempt", successes(totals))));
    return Reply.ok(Windows.put(new JsonObject().put(plural, all), breakdown.window()));
  }

  private static JsonObject counts(Totals totals) {
    return new JsonObject()
        .put("total_requests", totals.requests().begun())
        .put("total_attempts", totals.attempts())
        .put("total_retries", totals.retries())
        .put("success_rate", totals.successRate())
        .put("request_success_rate", totals.requests().successRate())
        .put("avg_latency", Jsons.seconds(totals.averageLatency()));
  }

  private static JsonObject stats(Totals totals) {
    return new JsonObject()
        .put("total_attempts", totals.attempts())
        .put("success_count", totals.successCount())
        .put("failure_count", totals.failureCount())
        .put("success_rate", totals.successRate())
        .put("avg_latency", Jsons.seconds(totals.averageLatency()))
        .put("failures_by_class", failures(totals));
  }

  private static JsonObject successes(Totals totals) {
    JsonObject successes = new JsonObject();
    totals
        .successByAttempt()
        .forEach((attempt, count) -> successes.put(Integer.toString(attempt), count));
    return successes;
  }

  private static JsonObject failures(Totals totals) {
    JsonObject failures = new JsonObject();
    for (Map.Entry<ErrorClass, Long> one : totals.failures().entrySet()) {
      failures.put(Jsons.word(one.getKey()), one.getValue());
    }
    return failures;
  }

  private static JsonObject latency(Percentiles latency) {
    return new JsonObject()
        .put("p50", Jsons.seconds(latency.p50()))
        .put("p95", Jsons.seconds(latency.p95()))
        .put("p99", Jsons.seconds(latency.p99()));
  }
}
