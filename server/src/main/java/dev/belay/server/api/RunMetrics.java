package dev.belay.server.api;

import dev.belay.flow.RunState;
import dev.belay.flow.TaskState;
import dev.belay.server.live.Flows;
import dev.belay.server.live.Jsons;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What Prometheus scrapes of runs; nothing while the store fails. For one thread at a time. */
final class RunMetrics {
  private final Flows flows;
  private final MultiGauge runs;
  private final MultiGauge tasks;
  private final MultiGauge attempts;
  private final MultiGauge cooldowns;

  RunMetrics(Flows flows, MeterRegistry registry) {
    this.flows = flows;
    this.runs = gauge(registry, "belay_flow_runs", "runs by their state, of the newest thousand");
    this.tasks = gauge(registry, "belay_flow_tasks", "tasks of runs that are going on");
    this.attempts =
        gauge(registry, "belay_flow_attempts", "attempts of this server, by how they ended");
    this.cooldowns = gauge(registry, "belay_flow_cooldowns", "accounts that rest now");
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }

  /** Takes the values of now. */
  void update() {
    List<Row<?>> ended = new ArrayList<>();
    flows
        .attempts()
        .forEach((series, count) ->
            ended.add(
                Row.of(
                    Tags.of("backend", series.backend(), "outcome", Jsons.word(series.outcome())),
                    count)));
    attempts.register(ended, true);
    try {
      runs.register(rows(flows.runs(), RunState.values()), true);
      tasks.register(rows(flows.tasks(), TaskState.values()), true);
      cooldowns.register(List.of(Row.of(Tags.empty(), flows.cooldowns().size())), true);
    } catch (UncheckedIOException failing) {
      List.of(runs, tasks, cooldowns).forEach(gauge -> gauge.register(List.of(), true));
    }
  }

  private static <E extends Enum<E>> List<Row<?>> rows(Map<E, Long> counts, E[] states) {
    return Arrays.stream(states)
        .<Row<?>>map(
            state -> Row.of(Tags.of("state", Jsons.word(state)), counts.getOrDefault(state, 0L)))
        .toList();
  }
}
