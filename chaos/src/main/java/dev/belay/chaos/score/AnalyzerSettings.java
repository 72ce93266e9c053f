package dev.belay.chaos.score;

import dev.belay.Check;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How scores are made.
 *
 * @param latency from where on an answer is slow
 * @param weights how much each dimension counts
 * @param byEffect other weights for trials with one kind of fault only, by {@link
 *     dev.belay.chaos.Effect#kind}
 * @param aggregation how the dimensions are brought together
 * @param missing what a dimension counts of which nothing is known
 * @param structure what makes a trace different
 */
public record AnalyzerSettings(
    Latency latency,
    Weights weights,
    Map<String, Weights> byEffect,
    Aggregation aggregation,
    Missing missing,
    Structure structure) {
  /** Bug 10, performance 2, structure 5. */
  public static final AnalyzerSettings DESIGN = of(new Weights(10, 2, 5));

  /** All dimensions count the same. */
  public static final AnalyzerSettings PARITY = of(new Weights(1, 1, 1));

  public AnalyzerSettings {
    byEffect = Map.copyOf(byEffect);
  }

  private static AnalyzerSettings of(Weights weights) {
    return new AnalyzerSettings(
        Latency.DEFAULT,
        weights,
        Map.of(),
        Aggregation.WEIGHTED_MEAN,
        Missing.ZERO,
        Structure.DEFAULT);
  }

  /** The same with other limits of latency. */
  public AnalyzerSettings withLatency(Latency other) {
    return new AnalyzerSettings(other, weights, byEffect, aggregation, missing, structure);
  }

  /** The same with other weights. */
  public AnalyzerSettings withWeights(Weights other) {
    return new AnalyzerSettings(latency, other, byEffect, aggregation, missing, structure);
  }

  /** The same, brought together in another way. */
  public AnalyzerSettings withAggregation(Aggregation other) {
    return new AnalyzerSettings(latency, weights, byEffect, other, missing, structure);
  }

  /** The same with another way to count what is missing. */
  public AnalyzerSettings withMissing(Missing other) {
    return new AnalyzerSettings(latency, weights, byEffect, aggregation, other, structure);
  }

  /** The same with another measure of traces. */
  public AnalyzerSettings withStructure(Structure other) {
    return new AnalyzerSettings(latency, weights, byEffect, aggregation, missing, other);
  }

  /** The same with other weights where a plan has faults of one kind only. */
  public AnalyzerSettings withWeightsFor(String effect, Weights other) {
    Map<String, Weights> all = new HashMap<>(byEffect);
    all.put(effect, other);
    return new AnalyzerSettings(latency, weights, all, aggregation, missing, structure);
  }

  /**
   * From where on an answer is slow.
   *
   * @param baseline what is usual; scores 0 and below
   * @param threshold what is too slow; longer than the baseline; scores 9, and all above 10
   * @param measured whether what the healthy system is seen to take is preferred to the baseline
   */
  public record Latency(Duration baseline, Duration threshold, boolean measured) {
    /** 200 ms, as long as nothing is measured, and 1 s. */
    public static final Latency DEFAULT =
        new Latency(Duration.ofMillis(200), Duration.ofSeconds(1), true);

    /** Limits that hold whatever is measured. */
    public Latency(Duration baseline, Duration threshold) {
      this(baseline, threshold, false);
    }

    public Latency {
      Check.that(
          baseline.isPositive(), "baseline_latency_ms must be > 0, was %s", baseline.toMillis());
      Check.that(
          threshold.compareTo(baseline) > 0,
          "threshold_latency_ms must be > baseline_latency_ms %s, was %s",
          baseline.toMillis(),
          threshold.toMillis());
    }

    /**
     * The limits of a system that is healthy.
     *
     * @param usual what it takes; these limits as they are if that is not known well enough
     */
    Latency of(Optional<Duration> usual) {
      if (!measured || usual.filter(Duration::isPositive).isEmpty()) {
        return this;
      }
      // a slow system is no worse than a quick one: the threshold keeps its distance
      long nanos = usual.get().toNanos();
      double times = (double) threshold.toNanos() / baseline.toNanos();
      Duration distant = Duration.ofNanos(Math.round(nanos * times));
      return new Latency(usual.get(), distant.compareTo(threshold) > 0 ? distant : threshold, true);
    }
  }

  /**
   * How much each dimension counts.
   *
   * @param bug above 0
   * @param performance above 0
   * @param structure above 0
   */
  public record Weights(double bug, double performance, double structure) {
    public Weights {
      for (double weight : new double[] {bug, performance, structure}) {
        Check.that(
            weight > 0 && Double.isFinite(weight),
            "weights must be > 0 and finite, was %s",
            weight);
      }
    }
  }

  /** How the dimensions are brought together. */
  public enum Aggregation {
    /** Their mean by their weights. */
    WEIGHTED_MEAN,
    /** The worst. */
    MAX,
    /** As if each were the odds of a failure, and they were independent. */
    NOISY_OR
  }

  /** What a dimension counts of which nothing is known. */
  public enum Missing {
    /** Nothing, with its whole weight. */
    ZERO,
    /** It does not count at all. */
    RENORMALISE
  }

  /**
   * What makes a trace different from those of the healthy system.
   *
   * @param increase how many spans more, as a share, are too many; above 0
   * @param edits how many operations may differ; at least 0
   * @param spike how many times as long a span may be; above 1
   * @param sum whether the scores of the rules are added up; else the worst counts
   */
  public record Structure(double increase, int edits, double spike, boolean sum) {
    /** Half as many again, two, five times, the worst. */
    public static final Structure DEFAULT = new Structure(0.5, 2, 5, false);

    public Structure {
      Check.that(increase > 0, "span_increase must be > 0, was %s", increase);
      Check.that(edits >= 0 && edits <= 10_000, "edit_distance must be in 0..10000, was %d", edits);
      Check.that(spike > 1, "latency_spike must be > 1, was %s", spike);
    }
  }
}
