package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.chaos.inject.client.ExecutorMetrics;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.Jsons;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the fault executor was asked for, and how many sessions and trials there are, as JSON. */
final class MetricsRoutes {
  static final String PATH = "/v1/metrics";

  private final ExecutorUse executor;
  private final Sessions sessions;
  private final Time time;

  MetricsRoutes(ExecutorUse executor, Sessions sessions, Time time) {
    this.executor = executor;
    this.sessions = sessions;
    this.time = time;
  }

  void addTo(Routes routes) {
    routes.get(PATH, this::answer);
  }

  private Reply answer(Ask ask) {
    new Query(ask).close();
    List<SessionView> all = sessions.list();
    Map<String, Object> states = new LinkedHashMap<>();
    states.put("total", all.size());
    for (SessionState state : SessionState.values()) {
      states.put(Jsons.word(state), all.stream().filter(view -> view.state() == state).count());
    }
    int failed = all.stream().mapToInt(view -> view.progress().failed()).sum();
    int done = all.stream().mapToInt(view -> view.progress().done()).sum();
    Map<String, Object> trials = new LinkedHashMap<>();
    trials.put("total", done);
    trials.put("success", done - failed);
    trials.put("failed", failed);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("executor", executor(executor.metrics()));
    tree.put("sessions", states);
    tree.put("trials", trials);
    tree.put("timestamp", time.instant().toString());
    return SessionRoutes.json(200, tree);
  }

  private static Map<String, Object> executor(ExecutorMetrics metrics) {
    Map<String, Object> latency = new LinkedHashMap<>();
    latency.put("p50", millis(metrics.latency().p50()));
    latency.put("p95", millis(metrics.latency().p95()));
    latency.put("p99", millis(metrics.latency().p99()));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("total_requests", metrics.total());
    tree.put("success_requests", metrics.success());
    tree.put("failed_requests", metrics.failed());
    tree.put("timeouts", metrics.attempts().timeouts());
    tree.put("connection_errors", metrics.attempts().connectionErrors());
    tree.put("retries", metrics.attempts().retries());
    tree.put("successful_retries", metrics.attempts().successfulRetries());
    tree.put("breaker_opens", metrics.breakerOpens());
    tree.put("latency_ms", latency);
    return tree;
  }

  private static double millis(Duration length) {
    return length.toNanos() / 1e6;
  }
}
