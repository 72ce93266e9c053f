package dev.belay.server.api;

import dev.belay.llm.cache.CacheCounts;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.delay.WaitHistogram;
import dev.belay.llm.gateway.GatewayCounts;
import dev.belay.server.live.Models;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What Prometheus scrapes of the gateway to models. For one thread at a time. */
final class ModelMetrics {
  private static final Map<String, String> COUNTS =
      Map.ofEntries(
          Map.entry("calls", "calls that began"),
          Map.entry("attempts", "attempts that were sent"),
          Map.entry("retries", "attempts after a failure, by its class"),
          Map.entry("retries_by_source", "attempts after a failure, by what said how long to wait"),
          Map.entry("hints_seen", "waits that providers asked for, by where they said so"),
          Map.entry("hints_honoured", "waits that were kept"),
          Map.entry("hints_over_limit", "waits that were too long to sleep"),
          Map.entry("wasted_calls", "attempts within the time that a provider had asked to wait"),
          Map.entry("fallbacks", "attempts that went elsewhere, by the failure before"),
          Map.entry("parked", "calls that were put away"),
          Map.entry("give_ups", "calls without an answer, by why"),
          Map.entry("recoveries", "answers after at least one failure"),
          Map.entry("attempts_per_success", "answers by how many attempts they took"),
          Map.entry("shadow", "what was done, and what the new waits would have done"));

  private final Models models;
  private final Map<String, MultiGauge> counts = new LinkedHashMap<>();
  private final MultiGauge closed;
  private final MultiGauge waiting;
  private final MultiGauge remaining;

  ModelMetrics(Models models, MeterRegistry registry) {
    this.models = models;
    COUNTS.forEach((name, help) -> counts.put(name, gauge(registry, "belay_llm_" + name, help)));
    this.closed =
        gauge(registry, "belay_llm_gate_closed_seconds", "how long a gate stays closed, 0 if open");
    this.waiting = gauge(registry, "belay_llm_gate_waiting", "calls that wait at a gate");
    this.remaining =
        gauge(registry, "belay_llm_remaining", "what a provider last said is left of an allowance");
    requests(registry, "passed", GatewayCounts::passed);
    requests(registry, "answered", GatewayCounts::answered);
    requests(registry, "refused", GatewayCounts::refused);
    cache(registry, "hit", CacheCounts::hits);
    cache(registry, "miss", CacheCounts::misses);
    cache(registry, "shared", CacheCounts::shared);
    cache(registry, "stale", CacheCounts::stale);
    Gauge.builder("belay_llm_cache_hit_ratio", models, all -> all.cache().hitRate())
        .description("requests that asked no provider, 0 to 1")
        .strongReference(true)
        .register(registry);
    Gauge.builder(
            "belay_llm_rollout_percent", models, all -> all.delays().rollout().state().percent())
        .description("of the keys for which the new waits are in force, by the file")
        .strongReference(true)
        .register(registry);
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }

  private void requests(MeterRegistry registry, String how, ToDoubleFunction<GatewayCounts> value) {
    FunctionCounter.builder("belay_llm_requests", models, all -> value.applyAsDouble(all.counts()))
        .description("requests of clients, by what was done with them")
        .tags(Tags.of("how", how))
        .register(registry);
  }

  private void cache(MeterRegistry registry, String how, ToDoubleFunction<CacheCounts> value) {
    FunctionCounter.builder("belay_llm_cache", models, all -> value.applyAsDouble(all.cache()))
        .description("requests to routes with a cache, by what it did for them")
        .tags(Tags.of("result", how))
        .register(registry);
  }

  /** Takes the values of now. */
  void update() {
    Map<String, List<MultiGauge.Row<?>>> rows = new LinkedHashMap<>();
    counts.keySet().forEach(name -> rows.put(name, new ArrayList<>()));
    add(rows, "fresh", models.delays().telemetry().fresh());
    add(rows, "baseline", models.delays().telemetry().baseline());
    counts.forEach((name, gauge) -> gauge.register(rows.getOrDefault(name, List.of()), true));
    List<Gate.State> gates = models.gates().states();
    closed.register(
        gates.stream()
            .<MultiGauge.Row<?>>map(gate -> row(gate, gate.closedFor().toMillis() / 1e3))
            .toList(),
        true);
    waiting.register(
        gates.stream().<MultiGauge.Row<?>>map(gate -> row(gate, gate.waiting())).toList(), true);
    List<MultiGauge.Row<?>> left = new ArrayList<>();
    for (Gate.State gate : gates) {
      gate.remaining()
          .forEach((bucket, count) ->
              left.add(
                  MultiGauge.Row.of(
                      Tags.of("gate", gate.key().toString(), "bucket", bucket), count)));
    }
    remaining.register(left, true);
  }

  private static void add(
      Map<String, List<MultiGauge.Row<?>>> rows, String arm, DelayTelemetry telemetry) {
    telemetry
        .counts()
        .forEach((series, count) -> {
          List<MultiGauge.Row<?>> of = rows.get(series.name());
          if (of != null) {
            of.add(MultiGauge.Row.of(Tags.of("arm", arm, "label", series.label()), count));
          }
        });
  }

  private static MultiGauge.Row<?> row(Gate.State gate, Number value) {
    return MultiGauge.Row.of(Tags.of("gate", gate.key().toString()), value);
  }

  /** The histograms, which the registry cannot take over. */
  String histograms() {
    return histogram("belay_llm_wait_seconds", "waits before attempts", "wait")
        + histogram(
            "belay_llm_recovery_seconds",
            "from the first failure of a call to its answer",
            "time_to_recovery");
  }

  private String histogram(String name, String help, String of) {
    StringBuilder text =
        new StringBuilder()
            .append("# HELP %s %s\n".formatted(name, help))
            .append("# TYPE %s histogram\n".formatted(name));
    write(text, name, "fresh", models.delays().telemetry().fresh().histogram(of));
    write(text, name, "baseline", models.delays().telemetry().baseline().histogram(of));
    return text.toString();
  }

  private static void write(StringBuilder text, String name, String arm, WaitHistogram of) {
    long count = 0;
    for (int i = 0; i <= of.ends().size(); i++) {
      count += of.count(i);
      String end =
          i < of.ends().size() ? Double.toString(of.ends().get(i).toMillis() / 1e3) : "+Inf";
      text.append("%s_bucket{arm=\"%s\",le=\"%s\"} %d\n".formatted(name, arm, end, count));
    }
    text.append("%s_sum{arm=\"%s\"} %s\n".formatted(name, arm, of.sum().toMillis() / 1e3));
    text.append("%s_count{arm=\"%s\"} %d\n".formatted(name, arm, count));
  }
}
