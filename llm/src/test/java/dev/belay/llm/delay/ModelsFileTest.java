package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.Jitter;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.WireError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsFileTest {
  private static final String WHOLE =
      """
      complexity_models:
        low: {builder: some-model}
      provider_quotas:
        openai:
          weekly_token_cap: 50000000
          soft_limit_ratio: 0.8
      quota_enforcement:
        on_quota_exhaustion: raise_incident
        never_fallback_categories:
        - security_auth_change
      fallback_strategy:
        by_category:
          docs:
            fallbacks:
            - small-model
        default_fallbacks:
        - big-model
        - other-model
      lovable_patterns:
        p2_something_else: {any: thing}
        p1_dynamic_retry_delays:
          enabled: true
          preset: interactive
          rollout: {percent: 10, key: run_id, salt: p1, stages: [10, 50, 100], soak: [P3D, 4d],
                    halt_if: {error_rate_increase: 0.10, p95_latency_increase: 0.25, min_calls: 200},
                    start: 2026-01-05T00:00:00Z}
          honor_hints: true
          max_hint_wait: 60s
          over_limit: park
          budget: {attempts: 6, deadline: 120s, retry_ratio: 0.2, tokens: 200000, cost_usd: 1.50}
          classes:
            transient:    {jitter: equal}
            rate_limit:   {base: 2s, factor: 2, cap: 60s, jitter: full, attempts: 5}
            overloaded:   {base: 1s, factor: 3, cap: 30s, attempts: 4, fallback_after: 2}
            network:      {first_at_once: false}
          providers:
            anthropic: {classes: {overloaded: {cap: 60s}}, shared_gate: true}
          errors:
            - {provider: relay, status: [429, 500-503], code: insufficient_quota, kind: rate_limit,
               pause: 5s, remedy: wait}
      """;

  @Test
  void readsAllThatCanBeSet() {
    ModelsFile file = ModelsFile.parse("models.yaml", WHOLE);
    DelaySettings delays = file.delays();

    assertThat(delays.enabled()).isTrue();
    assertThat(delays.preset()).isEqualTo(Preset.INTERACTIVE);
    assertThat(delays.rollout())
        .isEqualTo(
            new RolloutPlan(
                10,
                "run_id",
                "p1",
                List.of(10.0, 50.0, 100.0),
                List.of(Duration.ofDays(3), Duration.ofDays(4)),
                new RolloutPlan.HaltRule(0.1, 0.25, 200),
                Instant.parse("2026-01-05T00:00:00Z")));
    assertThat(delays.hints())
        .isEqualTo(new HintRules(true, Duration.ofMinutes(1), HintRules.OverLimit.PARK));
    assertThat(delays.budget())
        .isEqualTo(new Spending(6, Duration.ofMinutes(2), 0.2, 200_000, 1.5));
    assertThat(delays.rule(ErrorKind.OVERLOADED, "openai"))
        .isEqualTo(
            new ClassRule(
                Duration.ofSeconds(1), 3, Duration.ofSeconds(30), Jitter.EQUAL, 4, 2, false));
    assertThat(delays.rule(ErrorKind.OVERLOADED, "anthropic").cap())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(delays.rule(ErrorKind.NETWORK, "x").firstAtOnce()).isFalse();
    assertThat(delays.provider("anthropic").sharedGate()).isTrue();
    assertThat(delays.provider("openai").sharedGate()).isFalse();
  }

  @Test
  void readsTheNeighboursThatWaitsCanUse() {
    ModelsFile file = ModelsFile.parse("models.yaml", WHOLE);

    assertThat(file.quotas()).containsEntry("openai", new ModelsFile.Quota(50_000_000, 0.8));
    assertThat(file.onQuotaExhaustion()).isEqualTo("raise_incident");
    assertThat(file.fallbacks().of("docs")).containsExactly("small-model");
    assertThat(file.fallbacks().of("tests")).containsExactly("big-model", "other-model");
    assertThat(file.fallbacks().of("security_auth_change")).isEmpty();
  }

  @Test
  void rowsOfTheFileOverruleTheTable() {
    ModelsFile file = ModelsFile.parse("models.yaml", WHOLE);
    ErrorTable table = ErrorTable.builtIn().with(file.errors());
    WireError error =
        new WireError(502, "", "insufficient_quota", "", "", Headers.NONE, WireError.Quota.NONE);

    assertThat(table.read("relay", error, Instant.EPOCH).kind()).isEqualTo(ErrorKind.RATE_LIMIT);
  }

  @Test
  void withoutASectionTheWaitsStayAsTheyWere() {
    assertThat(ModelsFile.parse("m", "")).isEqualTo(ModelsFile.NONE);
    assertThat(ModelsFile.parse("m", "models: {a: 1}").delays()).isEqualTo(DelaySettings.OFF);
    assertThat(ModelsFile.parse("m", "lovable_patterns:\n").delays().enabled()).isFalse();
  }

  @Test
  void anEmptySectionMeansThePreset() {
    ModelsFile file =
        ModelsFile.parse("m", "lovable_patterns: {p1_dynamic_retry_delays: {preset: batch}}");

    assertThat(file.delays()).isEqualTo(DelaySettings.of(Preset.BATCH));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enabled: maybe|3|enabled: must be true or false, was 'maybe'",
        "enbled: true|3|enbled: is not known; known are preset, enabled, classes, rollout",
        "preset: fast|3|preset: must be one of interactive, batch, legacy, was 'fast'",
        "max_hint_wait: soon|3|max_hint_wait: must be a length of time such as 250ms",
        "max_hint_wait: 400d|3|max_hint_wait: max_hint_wait must be 0 to 365d",
        "over_limit: [fail]|3|over_limit: must be one of fail, fallback, park, was a list",
        "budget: 3|3|budget: must be a mapping of keys, was '3'",
        "budget: {attempts: 99}|3|budget.attempts: attempts must be 1 to 10, was 99",
        "budget: {attempts: 9999999999}|3|budget.attempts: must be less than 2147483648",
        "budget: {tokens: -1}|3|budget.tokens: must be a whole number, 0 or more, was '-1'",
        "budget: {cost_usd: .nan}|3|budget.cost_usd: must be a number, was '.nan'",
        "budget: {deadline:}|3|budget.deadline: must be a length of time",
        "classes: {rate_limits: {cap: 1s}}|3|classes.rate_limits: is not known; known are transient, rate_limit",
        "classes: {rate_limit: {cap: 2d}}|3|classes.rate_limit.cap: cap must be above 0 and at most 1d, was PT48H",
        "classes: {rate_limit: {jitter: some}}|3|classes.rate_limit.jitter: must be one of none",
        "providers: {x: {shared: true}}|3|providers.x.shared: is not known",
        "rollout: {percent: 101}|3|rollout.percent: percent must be 0 to 100, was 101.0",
        "rollout: {stages: [50, 10]}|3|rollout.stages: stages must rise",
        "rollout: {halt_if: {min_calls: 0}}|3|rollout.halt_if.min_calls: min_calls must be 1 or more",
        "rollout: {start: yesterday}|3|rollout.start: must be a point in time",
        "errors: [{status: 429}]|3|errors[0]: needs kind",
        "errors: [{kind: nope}]|3|errors[0].kind: must be one of rate_limit",
        "errors: [{kind: auth, status: 4xx}]|3|status must be a status such as 429",
        "{a: b}: c|3|a key must be a word",
      })
  void saysInWhichLineWhatIsWrong(String line, int number, String message) {
    String text = "lovable_patterns:\n  p1_dynamic_retry_delays:\n    " + line + "\n";

    SettingsException wrong =
        catchThrowableOfType(SettingsException.class, () -> ModelsFile.parse("models.yaml", text));

    assertThat(wrong).hasMessageContaining("models.yaml:" + number + ": ");
    assertThat(wrong).hasMessageContaining(message);
    assertThat(wrong.problems()).hasSize(1);
  }

  @Test
  void theExampleOfTheGuideCanBeUsed() throws IOException {
    String guide = Files.readString(Path.of("../docs/llm-waits.md"));
    String example =
        guide.substring(
            guide.indexOf("```yaml\n") + 8, guide.indexOf("```\n", guide.indexOf("```yaml") + 8));

    DelaySettings delays = ModelsFile.parse("models.yaml", example).delays();

    assertThat(delays.rollout().stages()).containsExactly(10.0, 50.0, 100.0);
    assertThat(delays.budget().costUsd()).isEqualTo(1.5);
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    String text =
        """
        provider_quotas: {openai: {soft_limit_ratio: 8}}
        lovable_patterns:
          p1_dynamic_retry_delays:
            enabled: 7
            enabled: true
            classes: {rate_limit: {factor: 0}}
        """;

    assertThatThrownBy(() -> ModelsFile.parse("models.yaml", text))
        .isInstanceOf(SettingsException.class)
        .message()
        .contains("models.yaml:1: provider_quotas.openai.soft_limit_ratio");
  }

  @Test
  void aNameThatStartsAsOursIsOurs() {
    assertThatThrownBy(
            () -> ModelsFile.parse("m", "lovable_patterns: {p1_dynamic_retry_delay: {}}"))
        .hasMessageContaining("did you mean p1_dynamic_retry_delays?");
  }

  @Test
  void brokenYamlIsToldByItsLine() {
    assertThatThrownBy(() -> ModelsFile.parse("m.yaml", "a: 1\nb: [1, 2\nc: 3\n"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("m.yaml:3: not valid YAML");
    assertThatThrownBy(() -> ModelsFile.parse("m.yaml", "x".repeat(1_000_001)))
        .hasMessageContaining("longer than");
    assertThatThrownBy(() -> ModelsFile.parse("m.yaml", "just a text"))
        .hasMessageContaining("must be a mapping of keys");
  }
}
