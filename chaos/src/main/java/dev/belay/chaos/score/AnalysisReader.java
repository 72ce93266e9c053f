package dev.belay.chaos.score;

import dev.belay.settings.Range;
import dev.belay.settings.Section;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.time.Duration;
import java.util.Map;

/** Reads {@code analysis} of the document of a space: how bad things are for one session. */
public final class AnalysisReader {
  private static final Range<Integer> LATENCY_MS = Range.of(1, 3_600_000);
  private static final Range<Double> WEIGHT = Range.above(0.0, 1_000.0);

  private AnalysisReader() {}

  /**
   * How scores are to be made.
   *
   * @param file what messages call the document
   * @param path what messages put before its keys; may be empty
   * @param text the whole document, YAML or JSON
   * @param usual what holds where the document says nothing
   * @throws dev.belay.settings.ConfigException with all that is wrong, each thing by its path
   */
  public static AnalyzerSettings read(
      String file, String path, String text, AnalyzerSettings usual) {
    Source source = new Source(file, Map.of());
    Section analysis = new Section(source, path, YamlTree.read(source, text)).section("analysis");
    AnalyzerSettings.Latency latency = latency(analysis, usual.latency());
    AnalyzerSettings.Weights weights = weights(analysis.section("weights"), usual.weights());
    analysis.close();
    source.check();
    return usual.withLatency(latency).withWeights(weights);
  }

  private static AnalyzerSettings.Latency latency(Section section, AnalyzerSettings.Latency usual) {
    boolean measured = usual.measured() && !section.has("baseline_latency_ms");
    Duration baseline = millis(section, "baseline_latency_ms", usual.baseline());
    Duration threshold = millis(section, "threshold_latency_ms", usual.threshold());
    return section.build(() -> new AnalyzerSettings.Latency(baseline, threshold, measured), usual);
  }

  private static Duration millis(Section section, String key, Duration usual) {
    return section
        .place(key)
        .flatMap(place -> place.whole(LATENCY_MS))
        .map(Duration::ofMillis)
        .orElse(usual);
  }

  private static AnalyzerSettings.Weights weights(Section section, AnalyzerSettings.Weights usual) {
    AnalyzerSettings.Weights weights =
        new AnalyzerSettings.Weights(
            section.number("bug", WEIGHT, usual.bug()),
            section.number("perf", WEIGHT, usual.performance()),
            section.number("struct", WEIGHT, usual.structure()));
    section.close();
    return weights;
  }
}
