package dev.belay.chaos.score;

import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.EditDistance;
import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scores what the request did inside, against what it does in the healthy system. */
final class StructureScorer {
  private static final double MORE_SPANS = 3;
  private static final double OTHER_OPERATIONS = 5;
  static final double ERROR_SPAN = 2;
  private static final double SLOW_SPAN = 2;

  private final Baseline baseline;
  private final AnalyzerSettings.Structure rules;

  StructureScorer(Baseline baseline, AnalyzerSettings.Structure rules) {
    this.baseline = baseline;
    this.rules = rules;
  }

  private record Rule(double score, String condition, String inputs) {}

  Component score(Observation seen) {
    if (seen.trace().isEmpty()) {
      return Component.missing("trace");
    }
    Trace trace = seen.trace().get();
    if (!trace.complete()) {
      return Component.missing("complete trace");
    }
    Optional<Trace> healthy = baseline.nearest(trace, rules.edits() + 1);
    if (healthy.isEmpty()) {
      return Component.missing("baseline trace");
    }
    List<Rule> broken = new ArrayList<>();
    moreSpans(trace, healthy.get()).ifPresent(broken::add);
    otherOperations(trace, healthy.get()).ifPresent(broken::add);
    trace.spans().stream()
        .filter(Span::error)
        .findFirst()
        .ifPresent(span -> broken.add(new Rule(ERROR_SPAN, "error span", Operations.nameOf(span))));
    slowSpan(trace).ifPresent(broken::add);
    return together(broken);
  }

  private Optional<Rule> moreSpans(Trace trace, Trace healthy) {
    int now = trace.spans().size();
    int before = healthy.spans().size();
    return now > (1 + rules.increase()) * before
        ? Optional.of(
            new Rule(MORE_SPANS, "more spans", "spans=%d baseline=%d".formatted(now, before)))
        : Optional.empty();
  }

  private Optional<Rule> otherOperations(Trace trace, Trace healthy) {
    int distance =
        EditDistance.between(
            Operations.sequence(trace), Operations.sequence(healthy), rules.edits());
    return distance > rules.edits()
        ? Optional.of(new Rule(OTHER_OPERATIONS, "other operations", "edits > " + rules.edits()))
        : Optional.empty();
  }

  private Optional<Rule> slowSpan(Trace trace) {
    for (Span span : trace.spans()) {
      String name = Operations.nameOf(span);
      long usual = baseline.spanNanos().getOrDefault(name, Long.MAX_VALUE);
      if (span.durationNanos() / rules.spike() > usual) {
        return Optional.of(
            new Rule(
                SLOW_SPAN,
                "span slower than usual",
                "%s took %d us, usually %d us"
                    .formatted(name, span.durationNanos() / 1_000, usual / 1_000)));
      }
    }
    return Optional.empty();
  }

  private Component together(List<Rule> broken) {
    if (broken.isEmpty()) {
      return Component.of(0, "as usual", "");
    }
    if (rules.sum()) {
      return Component.of(
          broken.stream().mapToDouble(Rule::score).sum(),
          String.join(" + ", broken.stream().map(Rule::condition).toList()),
          String.join("; ", broken.stream().map(Rule::inputs).toList()));
    }
    Rule worst =
        broken.stream()
            .reduce((one, other) -> other.score() > one.score() ? other : one)
            .orElseThrow();
    return Component.of(worst.score(), worst.condition(), worst.inputs());
  }
}
