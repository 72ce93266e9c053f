package dev.belay.chaos.score;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Scores what the system did, without what was done to it. */
final class Amplification {
  private static final Pattern EXCESS = Pattern.compile("\\bexcess_ms=([0-9]{1,12})\\b");

  /** So many times the usual spans are as bad as an answer that is too slow. */
  private static final double STORM = 4;

  private static final double STORM_SCORE = 9;
  private static final double MORE_SPANS = 3;

  private final Baseline baseline;
  private final AnalyzerSettings settings;

  Amplification(Baseline baseline, AnalyzerSettings settings) {
    this.baseline = baseline;
    this.settings = settings;
  }

  Map<Dimension, Component> score(FaultPlan plan, Observation seen) {
    Strikes strikes = new Strikes(plan, seen);
    Map<Dimension, Component> parts = new EnumMap<>(Dimension.class);
    parts.put(Dimension.BUG, bug(seen, strikes));
    parts.put(Dimension.PERFORMANCE, performance(seen, strikes));
    parts.put(Dimension.STRUCTURE, structure(seen, strikes));
    parts.put(Dimension.INVARIANT, invariant(seen));
    return parts;
  }

  private static Component bug(Observation seen, Strikes strikes) {
    Optional<Component> found =
        seen.reply().status().isPresent()
            ? BugScorer.byStatus(seen.reply().status().getAsInt())
            : seen.reply()
                .failure()
                .map(why -> Component.of(BugScorer.SERVER_ERROR, "no answer came", why));
    if (found.isEmpty()) {
      return Component.of(0, "answered", "");
    }
    return strikes.answeredAtTheEntry()
        ? Component.of(0, "answered by the fault itself", found.get().inputs())
        : found.get();
  }

  private Component performance(Observation seen, Strikes strikes) {
    Optional<Duration> took = PerformanceScorer.took(seen);
    if (took.isEmpty()) {
      return Component.missing("latency");
    }
    long usual = baseline.median().orElse(settings.latency().baseline()).toNanos();
    long explained = strikes.explainedNanos(baseline);
    long excess = Math.max(0, took.get().toNanos() - usual - explained);
    Component score =
        PerformanceScorer.score(
            settings.latency().baseline().toNanos() + excess, settings.latency());
    return Component.of(
        excess == 0 ? 0 : score.score(),
        "latency that no fault explains",
        "excess_ms=%d explained_ms=%d usual_ms=%d"
            .formatted(excess / 1_000_000, explained / 1_000_000, usual / 1_000_000));
  }

  /** What of a latency no fault explains, as a component tells it; none if it does not. */
  static Optional<Duration> excess(Component performance) {
    return EXCESS
        .matcher(performance.inputs())
        .results()
        .map(found -> Duration.ofMillis(Long.parseLong(found.group(1))))
        .findFirst();
  }

  private Component structure(Observation seen, Strikes strikes) {
    if (seen.trace().filter(Trace::complete).isEmpty()) {
      return Component.missing("complete trace");
    }
    Trace trace = seen.trace().get();
    int usual = baseline.traces().stream().mapToInt(one -> one.spans().size()).max().orElse(0);
    if (usual == 0) {
      return Component.missing("baseline trace");
    }
    double times = (double) trace.spans().size() / usual;
    double limit = 1 + settings.structure().increase();
    if (times > limit) {
      double share = Math.min(1, (times - limit) / Math.max(1e-9, STORM - limit));
      return Component.of(
          MORE_SPANS + share * (STORM_SCORE - MORE_SPANS),
          "more calls",
          "spans=%d baseline=%d".formatted(trace.spans().size(), usual));
    }
    SpanTree tree = new SpanTree(trace);
    return trace.spans().stream()
        .filter(span -> span.error() && !strikes.explains(span, tree))
        .findFirst()
        .map(Amplification::errorSpan)
        .orElse(Component.of(0, "as usual", ""));
  }

  private static Component errorSpan(Span span) {
    return Component.of(
        StructureScorer.ERROR_SPAN, "error span that no fault explains", Operations.nameOf(span));
  }

  private static Component invariant(Observation seen) {
    return seen.invariants().stream()
        .filter(invariant -> !invariant.holds())
        .findFirst()
        .map(Amplification::broken)
        .orElse(Component.of(0, "all hold", ""));
  }

  private static Component broken(Invariant invariant) {
    return Component.of(10, "broken: " + invariant.name(), invariant.detail());
  }
}
