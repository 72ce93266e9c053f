package dev.belay.chaos.score;

import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.EditDistance;
import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the healthy system does.
 *
 * @param seen of how many requests the latency is known
 * @param median the median of its latencies; none if none was seen
 * @param p95 the 95th percentile of them
 * @param traces typical traces, one for each way in which requests go; the most common first
 * @param spanNanos the median length of a span, by {@link Operations#nameOf}
 */
public record Baseline(
    int seen,
    Optional<Duration> median,
    Optional<Duration> p95,
    List<Trace> traces,
    Map<String, Long> spanNanos) {
  /** Nothing is known of the healthy system. */
  public static final Baseline NONE =
      new Baseline(0, Optional.empty(), Optional.empty(), List.of(), Map.of());

  private static final int MOST_TRACES = 8;

  /** Of fewer latencies the median is not known well enough to score by. */
  private static final int ENOUGH = 30;

  public Baseline {
    traces = List.copyOf(traces);
    spanNanos = Map.copyOf(spanNanos);
  }

  /** What was seen, once or more often, of the healthy system. */
  public static Baseline of(List<Observation> healthy) {
    List<Duration> latencies =
        healthy.stream()
            .map(seen -> seen.reply().latency())
            .flatMap(Optional::stream)
            .sorted()
            .toList();
    List<Trace> traces =
        healthy.stream()
            .map(Observation::trace)
            .flatMap(Optional::stream)
            .filter(Trace::complete)
            .toList();
    return new Baseline(
        latencies.size(),
        at(latencies, 0.5),
        at(latencies, 0.95),
        typical(traces),
        spanNanos(traces));
  }

  /** The median, if it is known well enough to score by. */
  Optional<Duration> usual() {
    return median.filter(any -> seen >= ENOUGH);
  }

  private static <T> Optional<T> at(List<T> sorted, double share) {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
  }

  /** One of each sequence of operations, the most common sequence first. */
  private static List<Trace> typical(List<Trace> traces) {
    Map<List<String>, List<Trace>> ways =
        traces.stream().collect(Collectors.groupingBy(Operations::sequence));
    return ways.values().stream()
        .sorted(
            Comparator.comparingInt((List<Trace> way) -> way.size())
                .reversed()
                .thenComparing(way -> Operations.sequence(way.getFirst()).toString()))
        .limit(MOST_TRACES)
        .map(List::getFirst)
        .toList();
  }

  private static Map<String, Long> spanNanos(List<Trace> traces) {
    Map<String, List<Long>> lengths = new HashMap<>();
    for (Trace trace : traces) {
      trace
          .spans()
          .forEach(span ->
              lengths
                  .computeIfAbsent(Operations.nameOf(span), none -> new ArrayList<>())
                  .add(span.durationNanos()));
    }
    return lengths.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> at(entry.getValue().stream().sorted().toList(), 0.5).orElseThrow()));
  }

  /**
   * The typical trace that is nearest to one.
   *
   * @param most how many edits apart it may be before all are the same
   */
  Optional<Trace> nearest(Trace trace, int most) {
    List<String> sequence = Operations.sequence(trace);
    Function<Trace, Integer> distance =
        healthy -> EditDistance.between(sequence, Operations.sequence(healthy), most);
    return traces.stream().min(Comparator.comparing(distance));
  }
}
