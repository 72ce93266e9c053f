package dev.belay.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.chaos.inject.client.Patience;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigProblem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code chaos.executor} and the variables of published recommenders say. */
class ChaosSettingsTest {
  private static final Pattern ROW = Pattern.compile("\\| `([a-z_.]+)` \\| `([A-Z_]+)` \\|.*");

  private static BelayConfig config(String yaml, Map<String, String> environment) {
    return BelayConfig.parse(yaml, "belay.yaml", environment);
  }

  private static List<String> problems(String yaml, Map<String, String> environment) {
    ConfigException wrong =
        catchThrowableOfType(ConfigException.class, () -> config(yaml, environment));
    assertThat(wrong).as("no problem of %s", environment).isNotNull();
    return wrong.problems().stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void anExecutorIsWaitedForAsUsualUnlessSomethingElseIsSaid() {
    ChaosConfig.Executor executor = config("", Map.of()).chaos().executor();

    assertThat(executor.url()).isEmpty();
    assertThat(executor.manner()).isEqualTo(ChaosConfig.Manner.DEFAULT);
    assertThat(executor.manner().patience())
        .isEqualTo(
            new Patience(
                new Patience.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30)),
                new Patience.Retries(5, Duration.ofMillis(500), Duration.ofSeconds(8), 10),
                new Patience.Rest(5, Duration.ofSeconds(60)),
                Duration.ofSeconds(60)));
  }

  @Test
  void allOfItCanBeWrittenInTheFile() {
    ChaosConfig.Executor executor =
        config(
                """
                chaos:
                  executor:
                    url: "https://faults.example:8443/hfi"
                    token: "secret"
                    strikes: everybody
                    settle: 31s
                    connect_timeout: 250ms
                    timeout: 2s
                    max_attempts: 3
                    base_delay: 100ms
                    max_delay: 400ms
                    jitter_percent: 0
                    failure_threshold: 2
                    recovery_timeout: 5s
                    health_interval: 1s
                """,
                Map.of())
            .chaos()
            .executor();

    assertThat(executor.url()).hasValue(URI.create("https://faults.example:8443/hfi"));
    assertThat(executor.token()).isEqualTo("secret");
    assertThat(executor.manner())
        .isEqualTo(
            new ChaosConfig.Manner(
                true,
                Duration.ofSeconds(31),
                new Patience(
                    new Patience.Timeouts(Duration.ofMillis(250), Duration.ofSeconds(2)),
                    new Patience.Retries(3, Duration.ofMillis(100), Duration.ofMillis(400), 0),
                    new Patience.Rest(2, Duration.ofSeconds(5)),
                    Duration.ofSeconds(1))));
    assertThat(executor.toString()).doesNotContain("secret");
  }

  @Test
  void theEnvironmentSaysTheSameInItsOwnUnits() {
    BelayConfig config =
        config(
            "control: {token: hush}", // others can reach that host
            Map.ofEntries(
                Map.entry("SERVER_HOST", "0.0.0.0"),
                Map.entry("SERVER_PORT", "8000"),
                Map.entry("EXECUTOR_HOST", "faults.example"),
                Map.entry("EXECUTOR_PORT", "8001"),
                Map.entry("EXECUTOR_TIMEOUT_SECONDS", "12"),
                Map.entry("RETRY_BASE_DELAY_SECONDS", "0.25"),
                Map.entry("RETRY_MAX_DELAY_SECONDS", "4"),
                Map.entry("RETRY_MAX_ATTEMPTS", "4"),
                Map.entry("RETRY_JITTER_PERCENT", "20"),
                Map.entry("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "7"),
                Map.entry("CIRCUIT_BREAKER_RECOVERY_TIMEOUT_SECONDS", "90"),
                Map.entry("HEALTH_CHECK_INTERVAL_SECONDS", "15"),
                Map.entry("OPTIMIZER_MAX_TRIALS", "250"),
                Map.entry("OPTIMIZER_INITIAL_POINTS", "5"),
                Map.entry("OPTIMIZER_TIMEOUT_SECONDS", "60"),
                Map.entry("ANALYZER_BASELINE_MS", "100"),
                Map.entry("ANALYZER_THRESHOLD_MS", "500"),
                Map.entry("ANALYZER_BUG_WEIGHT", "1.0"),
                Map.entry("ANALYZER_PERF_WEIGHT", "1.5"),
                Map.entry("ANALYZER_STRUCT_WEIGHT", "2"),
                Map.entry("SESSION_STORAGE_PATH", ".sessions"),
                Map.entry("SESSION_AUTO_CLEANUP_DAYS", "3")));

    assertThat(config.control().host()).isEqualTo("0.0.0.0");
    assertThat(config.control().port()).isEqualTo(8000);
    ChaosConfig chaos = config.chaos();
    assertThat(chaos.executor().url()).hasValue(URI.create("http://faults.example:8001"));
    assertThat(chaos.executor().manner().patience())
        .isEqualTo(
            new Patience(
                new Patience.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(12)),
                new Patience.Retries(4, Duration.ofMillis(250), Duration.ofSeconds(4), 20),
                new Patience.Rest(7, Duration.ofSeconds(90)),
                Duration.ofSeconds(15)));
    assertThat(chaos.storage().folder()).isEqualTo(Path.of(".sessions"));
    assertThat(chaos.storage().limits().keep()).isEqualTo(Duration.ofDays(3));
    assertThat(chaos.storage().limits().trials()).isEqualTo(250);
    assertThat(chaos.storage().initialPoints()).hasValue(5);
    assertThat(chaos.bounds().settings().trial()).isEqualTo(Duration.ofSeconds(60));
    assertThat(chaos.scores().latency())
        .isEqualTo(new AnalyzerSettings.Latency(Duration.ofMillis(100), Duration.ofMillis(500)));
    assertThat(chaos.scores().weights()).isEqualTo(new AnalyzerSettings.Weights(1, 1.5, 2));
  }

  @Test
  void scoresAreBroughtTogetherAsTheFileSays() {
    AnalyzerSettings usual = config("", Map.of()).chaos().scores();
    AnalyzerSettings chosen =
        config(
                "chaos: {aggregation: noisy_or, missing: renormalise, structure_mode: sum}",
                Map.of())
            .chaos()
            .scores();

    assertThat(usual).isEqualTo(AnalyzerSettings.DESIGN);
    assertThat(chosen)
        .isEqualTo(
            usual
                .withAggregation(AnalyzerSettings.Aggregation.NOISY_OR)
                .withMissing(AnalyzerSettings.Missing.RENORMALISE)
                .withStructure(new AnalyzerSettings.Structure(0.5, 2, 5, true)));
    assertThat(problems("chaos: {aggregation: mean}", Map.of()))
        .containsExactly(
            "belay.yaml:1: chaos.aggregation: must be one of weighted_mean, max, noisy_or; was text 'mean'");
  }

  @Test
  void whatIsWrittenInTheFileCountsAndAnEmptyVariableSaysNothing() {
    BelayConfig config =
        config(
            "control: {port: 9}\nchaos: {executor: {timeout: 3s}}",
            Map.of(
                "SERVER_PORT",
                "8000",
                "EXECUTOR_TIMEOUT_SECONDS",
                "12",
                "RETRY_MAX_ATTEMPTS",
                " "));

    assertThat(config.control().port()).isEqualTo(9);
    assertThat(config.chaos().executor().manner().patience())
        .isEqualTo(
            Patience.DEFAULT.withTimeouts(
                new Patience.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(3))));
    assertThat(config.chaos().executor().url()).isEmpty();
  }

  @Test
  void anAddressMayBeGivenInTwoParts() {
    assertThat(config("chaos: {executor: {port: 8001}}", Map.of()).chaos().executor().url())
        .hasValue(URI.create("http://localhost:8001"));
    assertThat(config("chaos: {executor: {host: \"::1\"}}", Map.of()).chaos().executor().url())
        .hasValue(URI.create("http://[::1]:8080"));
    assertThat(
            config("chaos: {executor: {url: \"http://a:1\"}}", Map.of("EXECUTOR_HOST", "b"))
                .chaos()
                .executor()
                .url())
        .hasValue(URI.create("http://a:1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          EXECUTOR_PORT             | 70000 | (chaos.executor.port): must be a whole number, 1 to 65535; was 70000
          RETRY_MAX_ATTEMPTS        | 11    | (chaos.executor.max_attempts): must be a whole number, 1 to 10; was 11
          RETRY_MAX_ATTEMPTS        | many  | (chaos.executor.max_attempts): must be a whole number, 1 to 10; was many
          RETRY_JITTER_PERCENT      | 101   | (chaos.executor.jitter_percent): must be a whole number, 0 to 100; was 101
          EXECUTOR_TIMEOUT_SECONDS  | 601   | (chaos.executor.timeout): must be a length of time such as 250ms, 1.5s, 2m or 1h, 10ms to 10m; was 601s
          ANALYZER_BUG_WEIGHT       | 0     | (chaos.weights.bug): must be a number, above 0 and at most 1000; was 0
          SESSION_AUTO_CLEANUP_DAYS | 4000  | (chaos.retention): must be a length of time such as 250ms, 1.5s, 2m or 1h, 1m to 87672h; was 4000d
          SERVER_PORT               | -1    | (control.port): must be a whole number, 0 to 65535; was -1
          """)
  void whatIsOutOfRangeIsNamedWithItsVariableItsValueAndTheRange(
      String variable, String value, String rest) {
    assertThat(problems("", Map.of(variable, value)))
        .containsExactly("belay.yaml: %s of the environment %s".formatted(variable, rest));
  }

  @Test
  void theLongestWaitIsNotShorterThanTheFirst() {
    assertThat(problems("chaos: {executor: {base_delay: 2s, max_delay: 1s}}", Map.of()))
        .singleElement()
        .asString()
        .contains("chaos.executor.max_delay: must be at least base_delay");
    Patience.Retries one =
        config("chaos: {executor: {base_delay: 10s}}", Map.of())
            .chaos()
            .executor()
            .manner()
            .patience()
            .retries();
    assertThat(one.longest()).isEqualTo(Duration.ofSeconds(10));
  }

  static Stream<String[]> documented() throws IOException {
    return Files.readAllLines(Path.of("..", "docs", "chaos.md")).stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> new String[] {row.group(1), row.group(2)});
  }

  @Test
  void allVariablesAreDocumented() throws IOException {
    assertThat(documented().map(row -> row[1]))
        .containsExactlyInAnyOrder(
            "SERVER_HOST",
            "SERVER_PORT",
            "EXECUTOR_HOST",
            "EXECUTOR_PORT",
            "EXECUTOR_TIMEOUT_SECONDS",
            "RETRY_BASE_DELAY_SECONDS",
            "RETRY_MAX_DELAY_SECONDS",
            "RETRY_MAX_ATTEMPTS",
            "RETRY_JITTER_PERCENT",
            "CIRCUIT_BREAKER_FAILURE_THRESHOLD",
            "CIRCUIT_BREAKER_RECOVERY_TIMEOUT_SECONDS",
            "HEALTH_CHECK_INTERVAL_SECONDS",
            "OPTIMIZER_MAX_TRIALS",
            "OPTIMIZER_INITIAL_POINTS",
            "OPTIMIZER_TIMEOUT_SECONDS",
            "ANALYZER_BASELINE_MS",
            "ANALYZER_THRESHOLD_MS",
            "ANALYZER_BUG_WEIGHT",
            "ANALYZER_PERF_WEIGHT",
            "ANALYZER_STRUCT_WEIGHT",
            "SESSION_STORAGE_PATH",
            "SESSION_AUTO_CLEANUP_DAYS");
  }

  @ParameterizedTest
  @MethodSource("documented")
  void eachDocumentedVariableIsThatOfItsKey(String key, String variable) {
    assertThat(problems("", Map.of(variable, "\u0001 -5")))
        .anySatisfy(problem ->
            assertThat(problem)
                .contains("%s of the environment (%s): must be ".formatted(variable, key)));
  }
}
