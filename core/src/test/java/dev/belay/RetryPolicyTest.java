package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RetryPolicyTest {
  @Test
  void defaultsAreTheOnesThatAreWrittenDown() {
    RetryPolicy policy = RetryPolicy.DEFAULT;

    assertThat(policy.name()).isEqualTo("default");
    assertThat(policy.maxAttempts()).isEqualTo(3);
    assertThat(policy.backoff().delay(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.backoff().delay(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.backoff().cap()).isEqualTo(Duration.ofSeconds(30));
    assertThat(policy.backoff().jitter()).isEqualTo(Jitter.NONE);
    assertThat(policy.timeout()).isEqualTo(RetryPolicy.FOREVER);
    assertThat(policy.attemptTimeout()).isEqualTo(RetryPolicy.FOREVER);
    assertThat(policy.maxHintWait()).isEqualTo(Duration.ofMinutes(1));
    assertThat(policy.maxOpenWait()).isZero();
    assertThat(policy.retryStatusCodes()).containsExactlyInAnyOrder(502, 503, 504);
    assertThat(policy.retryNonIdempotent()).isFalse();
    assertThat(policy.immediateFailover()).isFalse();
    assertThat(policy.hedge()).isEqualTo(Hedge.OFF);
  }

  @Test
  void presetsAreTheRecipes() {
    assertThat(RetryPolicy.presets())
        .extracting(RetryPolicy::name)
        .containsExactly(
            "default", "none", "high-volume", "rate-limited", "critical", "fast-failover");
    assertThat(RetryPolicy.highVolume().maxAttempts()).isEqualTo(5);
    assertThat(RetryPolicy.highVolume().backoff().cap()).isEqualTo(Duration.ofSeconds(10));
    assertThat(RetryPolicy.rateLimited().retryStatusCodes()).contains(429);
    assertThat(RetryPolicy.rateLimited().backoff().delay(1)).isEqualTo(Duration.ofSeconds(10));
    assertThat(RetryPolicy.critical().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(RetryPolicy.NONE.maxAttempts()).isEqualTo(1);
  }

  @Test
  void aCopyIsEqualAndAChangeIsNot() {
    RetryPolicy copy = RetryPolicy.fastFailover().toBuilder().build();
    assertThat(copy).isEqualTo(RetryPolicy.fastFailover()).hasSameHashCodeAs(copy);
    assertThat(copy.toBuilder().maxAttempts(2).build()).isNotEqualTo(copy);
    assertThat(copy).isNotEqualTo("x");
    assertThat(copy.toString()).contains("fast-failover", "5 attempts", "502");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(b -> b.maxAttempts(0), "max_attempts must be 1 to 10, was 0"),
        refusal(b -> b.maxAttempts(11), "max_attempts must be 1 to 10, was 11"),
        refusal(b -> b.timeout(Duration.ZERO), "timeout must be above 0, was PT0S"),
        refusal(b -> b.attemptTimeout(Duration.ZERO), "attempt_timeout must be above 0, was PT0S"),
        refusal(
            b -> b.maxHintWait(Duration.ofSeconds(-1)),
            "max_hint_wait must be 0 or more, was PT-1S"),
        refusal(
            b -> b.maxOpenWait(Duration.ofSeconds(-1)),
            "max_open_wait must be 0 or more, was PT-1S"),
        refusal(
            b -> b.retryStatusCodes(Set.of(404)),
            "retry_status_codes must be 408, 425, 429 or 500 to 599, was 404"),
        refusal(
            b -> b.retryClasses(Set.of(ErrorClass.NONE)),
            "retry_classes must not hold NONE or CANCELLED, was [NONE]"));
  }

  private static Arguments refusal(UnaryOperator<RetryPolicy.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusals")
  void refusalsNameFieldValueAndRange(UnaryOperator<RetryPolicy.Builder> change, String message) {
    assertThatThrownBy(() -> change.apply(RetryPolicy.named("x")).build()).hasMessage(message);
  }

  @Test
  void namesAreFitForMetrics() {
    assertThatThrownBy(() -> RetryPolicy.named("no spaces").build())
        .hasMessageContaining("policy name must be");
  }

  @Test
  void statusesOutsideFiveHundredThatMeanLaterAreAccepted() {
    RetryPolicy policy =
        RetryPolicy.named("x").retryStatusCodes(Set.of(408, 425, 429, 500, 599)).build();
    assertThat(policy.retryStatusCodes()).hasSize(5);
    assertThat(RetryPolicy.named("x").retryStatusCodes(Set.of()).build().retryStatusCodes())
        .isEmpty();
  }

  @Test
  void breakerDefaultsAreTheOnesThatAreWrittenDown() {
    BreakerPolicy policy = BreakerPolicy.DEFAULT;
    assertThat(policy.trip().failures()).isEqualTo(5);
    assertThat(policy.window().length()).isEqualTo(Duration.ofSeconds(60));
    assertThat(policy.open().base()).isEqualTo(Duration.ofSeconds(30));
    assertThat(policy.open().growth()).isEqualTo(1);
    assertThat(policy.open().jitter()).isZero();
    assertThat(policy.probe().atOnce()).isEqualTo(1);
    assertThat(policy.probe().successes()).isEqualTo(1);
  }

  static Stream<Arguments> breakerRefusals() {
    return Stream.of(
        breakerRefusal(b -> b.failureThreshold(-1), "failure_threshold must be 0"),
        breakerRefusal(b -> b.failureThreshold(0), "one of failure_threshold"),
        breakerRefusal(b -> b.failureRate(1.1), "failure_rate must be"),
        breakerRefusal(b -> b.minimumCalls(0), "minimum_calls must be"),
        breakerRefusal(b -> b.consecutiveFailures(-1), "consecutive_failures must be"),
        breakerRefusal(b -> b.slowCalls(Duration.ZERO, 0.5), "slow_call must be"),
        breakerRefusal(b -> b.slowCalls(Duration.ofSeconds(1), 2), "slow_rate must be"),
        breakerRefusal(b -> b.window(Duration.ZERO), "window_duration must be"),
        breakerRefusal(b -> b.windowCalls(-1), "window_calls must be"),
        breakerRefusal(
            b -> b.failureThreshold(20).windowCalls(10),
            "failure_threshold must be at most window_calls (10), was 20"),
        breakerRefusal(
            b -> b.failureThreshold(0).failureRate(0.5).windowCalls(10),
            "minimum_calls must be at most window_calls (10), was 20"),
        breakerRefusal(b -> b.slowCalls(RetryPolicy.FOREVER, 0.5), "slow_rate needs slow_call"),
        breakerRefusal(b -> b.openFor(Duration.ZERO), "timeout_duration must be"),
        breakerRefusal(b -> b.openGrowth(0.5, Duration.ofHours(1)), "open_growth must be"),
        breakerRefusal(b -> b.openGrowth(2, Duration.ofSeconds(1)), "max_open_duration must be"),
        breakerRefusal(b -> b.openJitter(1), "open_jitter must be"),
        breakerRefusal(b -> b.maxHint(Duration.ofSeconds(-1)), "max_hint must be"),
        breakerRefusal(b -> b.probesAtOnce(0), "half_open_calls must be"),
        breakerRefusal(b -> b.probeSuccesses(0), "half_open_successes must be"),
        breakerRefusal(b -> b.probeLease(Duration.ZERO), "probe_lease must be"));
  }

  private static Arguments breakerRefusal(
      UnaryOperator<BreakerPolicy.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("breakerRefusals")
  void breakerRefusalsNameTheField(UnaryOperator<BreakerPolicy.Builder> change, String message) {
    assertThatThrownBy(() -> change.apply(BreakerPolicy.builder()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void hedgesAreChecked() {
    assertThat(List.of(Hedge.after(Duration.ofMillis(5)).isOn(), Hedge.OFF.isOn()))
        .containsExactly(true, false);
    assertThatThrownBy(() -> new Hedge(4, Duration.ZERO, 0)).hasMessageContaining("0 to 3");
    assertThatThrownBy(() -> new Hedge(1, Duration.ofDays(2), 0)).hasMessageContaining("1 day");
    assertThatThrownBy(() -> Hedge.percentile(1, Duration.ZERO)).hasMessageContaining("below 1");
  }
}
