package dev.belay.server.cli.policy;

import dev.belay.BreakerEvent;
import dev.belay.simulate.Result;
import dev.belay.simulate.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Simulations for programs: lengths of time in seconds, shares from 0 to 1. */
final class SimulationJson {
  private SimulationJson() {}

  static Map<String, @Nullable Object> of(Map<String, Result> results) {
    Result first = results.values().iterator().next();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("scenario", first.scenario().name());
    answer.put("story", first.scenario().story());
    answer.put("endpoints", first.scenario().endpoints().size());
    answer.put("rate", first.scenario().load().perSecond());
    answer.put("duration", seconds(first.scenario().load().length()));
    answer.put("seed", first.seed());
    List<Object> runs = new ArrayList<>();
    results.forEach((name, result) -> runs.add(run(name, result)));
    answer.put("runs", runs);
    return answer;
  }

  private static Map<String, Object> run(String name, Result result) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("policy", name);
    run.put("calls", result.calls().offered());
    run.put("success_rate", result.calls().successRate());
    run.put("endings", endings(result));
    run.put("latency", times(result.calls().tookWell()));
    run.put("latency_all", times(result.calls().took()));
    run.put("latency_retried", times(result.calls().tookWithRetry()));
    run.put("attempts", result.attempts().made());
    run.put("attempts_by_number", result.attempts().byNumber());
    run.put("success_by_attempts", result.attempts().callsByAttempts());
    run.put("attempts_by_endpoint", result.attempts().byEndpoint());
    run.put("hedges", result.attempts().hedges());
    run.put("wasted_attempts", result.attempts().wasted());
    run.put("amplification", result.amplification());
    run.put("peak_amplification", result.peakAmplification());
    run.put("waits", waits(result.waits()));
    run.put("budget_refusals", result.waits().budgetRefusals());
    run.put("breaker_edges", result.breakers().count());
    run.put(
        "breaker_events", result.breakers().events().stream().map(SimulationJson::event).toList());
    run.put("slice", seconds(result.timeline().slice()));
    run.put("timeline", result.timeline().slices().stream().map(SimulationJson::slice).toList());
    return run;
  }

  private static Map<String, Object> endings(Result result) {
    Map<String, Object> endings = new TreeMap<>();
    result
        .calls()
        .endings()
        .forEach((reason, count) -> endings.put(PlanWords.lower(reason), count));
    return endings;
  }

  private static Map<String, Object> times(Result.Times times) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("p50", seconds(times.p50()));
    answer.put("p95", seconds(times.p95()));
    answer.put("p99", seconds(times.p99()));
    answer.put("max", seconds(times.longest()));
    return answer;
  }

  private static Map<String, Object> waits(Result.Waits waits) {
    Map<String, Object> answer = times(waits.each());
    answer.put("count", waits.count());
    answer.put("sum", seconds(waits.sum()));
    return answer;
  }

  private static Map<String, Object> event(BreakerEvent event) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("breaker", event.breaker());
    answer.put("from", PlanWords.lower(event.from()));
    answer.put("to", PlanWords.lower(event.to()));
    answer.put("at", event.at().toString());
    answer.put("failure_count", event.failureCount());
    answer.put("reason", event.reason());
    return answer;
  }

  private static Map<String, Object> slice(Timeline.Slice slice) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("offered", slice.offered());
    answer.put("attempts", slice.attempts());
    answer.put("successes", slice.successes());
    answer.put("failures", slice.failures());
    answer.put("refused", slice.refused());
    answer.put("by_endpoint", slice.byEndpoint());
    return answer;
  }

  private static double seconds(Duration length) {
    return length.toNanos() / 1e9;
  }
}
