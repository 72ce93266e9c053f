package dev.belay.chaos.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.settings.ConfigException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalysisReaderTest {
  private static final AnalyzerSettings USUAL =
      AnalyzerSettings.DESIGN.withAggregation(AnalyzerSettings.Aggregation.MAX);

  private static AnalyzerSettings read(String document) {
    return AnalysisReader.read("request", "search_space", document, USUAL);
  }

  @Test
  void whatTheDocumentSaysHoldsAndAllElseIsAsUsual() {
    AnalyzerSettings read =
        read(
            """
            dimensions: []
            analysis:
              {baseline_latency_ms: 100, threshold_latency_ms: 500, weights: {bug: 1, perf: 1.5, struct: 2}}
            """);

    assertThat(read)
        .isEqualTo(
            USUAL
                .withLatency(
                    new AnalyzerSettings.Latency(Duration.ofMillis(100), Duration.ofMillis(500)))
                .withWeights(new AnalyzerSettings.Weights(1, 1.5, 2)));
    assertThat(read("name: a")).isEqualTo(USUAL);
    assertThat(read("analysis: {weights: {perf: 7}}"))
        .isEqualTo(USUAL.withWeights(new AnalyzerSettings.Weights(10, 7, 5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          analysis: {baseline_latency_ms: 0}           | search_space.analysis.baseline_latency_ms: must be a whole number, 1 to 3600000; was 0
          analysis: {baseline_latency_ms: 2000}        | search_space.analysis: threshold_latency_ms must be > baseline_latency_ms 2000, was 1000
          analysis: {baseline: 200}                    | search_space.analysis.baseline: unknown key
          analysis: {weights: {bug: 0}}                | search_space.analysis.weights.bug: must be a number, above 0 and at most 1000; was 0
          analysis: {weights: {performance: 1}}        | search_space.analysis.weights.performance: unknown key
          analysis: fast                               | search_space.analysis: must be a mapping of keys
          """)
  void whatItDoesNotKnowIsRefusedByItsName(String document, String message) {
    assertThatThrownBy(() -> read(document))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
