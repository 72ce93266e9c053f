package dev.belay.chaos.score;

import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.util.Optional;

/** Scores the time that the answer took. */
final class PerformanceScorer {
  private static final double AT_THRESHOLD = 9;

  private PerformanceScorer() {}

  static Component score(Observation seen, AnalyzerSettings.Latency latency) {
    Optional<Duration> took = took(seen);
    return took.isEmpty() ? Component.missing("latency") : score(took.get().toNanos(), latency);
  }

  /** As measured from outside; else the length of the root span. */
  static Optional<Duration> took(Observation seen) {
    return seen.reply()
        .latency()
        .or(() ->
            seen.trace().flatMap(Trace::root).map(root -> Duration.ofNanos(root.durationNanos())));
  }

  static Component score(long nanos, AnalyzerSettings.Latency latency) {
    double took = nanos / 1e6;
    double baseline = latency.baseline().toNanos() / 1e6;
    double threshold = latency.threshold().toNanos() / 1e6;
    String inputs =
        "latency_ms=%s baseline_ms=%s threshold_ms=%s"
            .formatted(text(took), text(baseline), text(threshold));
    if (took > threshold) {
      return Component.of(10, "above the threshold", inputs);
    }
    if (took < baseline) {
      return Component.of(0, "below the baseline", inputs);
    }
    double score = AT_THRESHOLD * (took - baseline) / (threshold - baseline);
    return Component.of(score, "between baseline and threshold", inputs);
  }

  private static String text(double millis) {
    return millis == Math.rint(millis) ? Long.toString((long) millis) : Double.toString(millis);
  }
}
