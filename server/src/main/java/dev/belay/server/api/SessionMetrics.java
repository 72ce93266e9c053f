package dev.belay.server.api;

import dev.belay.chaos.inject.client.ExecutorMetrics;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.Jsons;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What Prometheus scrapes of sessions and of what they ask of the fault executor. */
final class SessionMetrics {
  private final Sessions sessions;
  private final MultiGauge states;
  private final MultiGauge trials;

  SessionMetrics(Sessions sessions, ExecutorUse executor, MeterRegistry registry) {
    this.sessions = sessions;
    this.states = gauge(registry, "belay_chaos_sessions", "sessions that are kept, by their state");
    this.trials = gauge(registry, "belay_chaos_trials", "trials of the sessions that are kept");
    Gauge.builder("belay_chaos_executor_clients", executor, ExecutorUse::clients)
        .description("who asks the fault executor now: sessions, and the server itself")
        .register(registry);
    requests(registry, executor, "success", ExecutorMetrics::success);
    requests(registry, executor, "failed", ExecutorMetrics::failed);
    counter(
        registry,
        executor,
        new Series("belay_chaos_executor_retries", "tries that were not the first of their call"),
        Tags.empty(),
        metrics -> metrics.attempts().retries());
    counter(
        registry,
        executor,
        new Series("belay_chaos_executor_breaker_opens", "how often the executor was left alone"),
        Tags.empty(),
        ExecutorMetrics::breakerOpens);
  }

  /** What a series is called, and what it is. */
  private record Series(String name, String help) {}

  private static MultiGauge gauge(MeterRegistry registry, String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }

  private static void requests(
      MeterRegistry registry,
      ExecutorUse executor,
      String outcome,
      ToDoubleFunction<ExecutorMetrics> value) {
    counter(
        registry,
        executor,
        new Series("belay_chaos_executor_requests", "calls of the fault executor that ended"),
        Tags.of("outcome", outcome),
        value);
  }

  private static void counter(
      MeterRegistry registry,
      ExecutorUse executor,
      Series series,
      Tags tags,
      ToDoubleFunction<ExecutorMetrics> value) {
    FunctionCounter.builder(series.name(), executor, use -> value.applyAsDouble(use.metrics()))
        .description(series.help())
        .tags(tags)
        .register(registry);
  }

  /** Takes the values of now. */
  void update() {
    List<SessionView> all = sessions.list();
    states.register(
        Arrays.stream(SessionState.values())
            .<Row<?>>map(state ->
                Row.of(
                    Tags.of("state", Jsons.word(state)),
                    all.stream().filter(view -> view.state() == state).count()))
            .toList(),
        true);
    int failed = all.stream().mapToInt(view -> view.progress().failed()).sum();
    int done = all.stream().mapToInt(view -> view.progress().done()).sum();
    trials.register(
        List.of(
            Row.of(Tags.of("outcome", "success"), done - failed),
            Row.of(Tags.of("outcome", "failed"), failed)),
        true);
  }
}
