package dev.belay.chaos.score;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a score of what was seen. A pure function: the same is scored the same. A dimension that
 * cannot be scored, for whatever reason, counts 0 and is said; nothing is ever thrown. Safe for any
 * number of threads.
 */
public final class Analyzer {
  private static final Logger LOG = LoggerFactory.getLogger(Analyzer.class);
  private final AnalyzerSettings settings;
  private final AnalyzerSettings.Latency latency;
  private final StructureScorer structure;
  private final Amplification amplification;

  /**
   * An analyzer.
   *
   * @param baseline what the healthy system does
   */
  public Analyzer(AnalyzerSettings settings, Baseline baseline) {
    this.settings = settings;
    this.latency = settings.latency().of(baseline.usual());
    this.structure = new StructureScorer(baseline, settings.structure());
    this.amplification = new Amplification(baseline, settings);
  }

  /** How bad what was seen under a plan is. */
  public Score score(FaultPlan plan, Observation seen) {
    List<String> warnings = new ArrayList<>();
    Map<Dimension, Component> parts = new EnumMap<>(Dimension.class);
    parts.put(Dimension.BUG, safely(Dimension.BUG, warnings, () -> BugScorer.score(seen)));
    parts.put(
        Dimension.PERFORMANCE,
        safely(Dimension.PERFORMANCE, warnings, () -> PerformanceScorer.score(seen, latency)));
    parts.put(
        Dimension.STRUCTURE, safely(Dimension.STRUCTURE, warnings, () -> structure.score(seen)));
    parts.forEach((dimension, part) -> {
      if (part.missing()) {
        warnings.add("%s: %s".formatted(dimension.word(), part.condition()));
      }
    });
    Map<Dimension, Component> amplified = amplified(plan, seen, warnings);
    double discovery = amplified.values().stream().mapToDouble(Component::score).max().orElse(0);
    return new Score(total(plan, parts), discovery, parts, amplified, warnings);
  }

  private static Component safely(
      Dimension dimension, List<String> warnings, Supplier<Component> scorer) {
    try {
      return scorer.get();
    } catch (RuntimeException broken) {
      LOG.warn("{} could not be scored and counts 0", dimension.word(), broken);
      warnings.add("%s: could not be scored: %s".formatted(dimension.word(), broken));
      return new Component(0, "could not be scored", "", false);
    }
  }

  private Map<Dimension, Component> amplified(
      FaultPlan plan, Observation seen, List<String> warnings) {
    try {
      return amplification.score(plan, seen);
    } catch (RuntimeException broken) {
      LOG.warn("amplification could not be scored and counts 0", broken);
      warnings.add("amplification: could not be scored: " + broken);
      return Map.of();
    }
  }

  private double total(FaultPlan plan, Map<Dimension, Component> parts) {
    AnalyzerSettings.Weights weights = weights(plan);
    Map<Dimension, Component> counted = new EnumMap<>(parts);
    if (settings.missing() == AnalyzerSettings.Missing.RENORMALISE) {
      counted.values().removeIf(Component::missing);
    }
    if (counted.isEmpty()) {
      return 0;
    }
    double all =
        switch (settings.aggregation()) {
          case WEIGHTED_MEAN -> {
            double sum = 0;
            double weight = 0;
            for (Map.Entry<Dimension, Component> part : counted.entrySet()) {
              sum += weight(weights, part.getKey()) * part.getValue().score();
              weight += weight(weights, part.getKey());
            }
            yield sum / weight;
          }
          case MAX -> counted.values().stream().mapToDouble(Component::score).max().orElse(0);
          case NOISY_OR ->
              10
                  * (1
                      - counted.values().stream()
                          .mapToDouble(part -> 1 - part.score() / 10)
                          .reduce(1, (one, other) -> one * other));
        };
    return Math.clamp(all, 0, 10);
  }

  private AnalyzerSettings.Weights weights(FaultPlan plan) {
    List<String> kinds =
        plan.faults().stream().map(Fault::effect).map(Effect::kind).distinct().toList();
    return kinds.size() == 1
        ? Optional.ofNullable(settings.byEffect().get(kinds.getFirst())).orElse(settings.weights())
        : settings.weights();
  }

  private static double weight(AnalyzerSettings.Weights weights, Dimension dimension) {
    return switch (dimension) {
      case BUG -> weights.bug();
      case PERFORMANCE -> weights.performance();
      case STRUCTURE -> weights.structure();
      case INVARIANT -> 0;
    };
  }
}
