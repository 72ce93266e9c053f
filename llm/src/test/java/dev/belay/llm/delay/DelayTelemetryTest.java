package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DelayTelemetryTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final Hint HINT = Hint.after(Duration.ofSeconds(2), "Retry-After: 2");

  private final DelayTelemetry telemetry = new DelayTelemetry();

  @Test
  void countsWhatWasDecidedAndWhy() {
    telemetry.call();
    telemetry.attempt();
    telemetry.decided(
        ErrorKind.RATE_LIMIT, HINT, new Decision.Retry(Duration.ofSeconds(3), "h", NOW));
    telemetry.decided(
        ErrorKind.NETWORK, Hint.NONE, new Decision.Retry(Duration.ofMillis(5), "b", NOW));
    telemetry.decided(ErrorKind.OVERLOADED, Hint.NONE, new Decision.Fallback("f", NOW));
    telemetry.decided(ErrorKind.OVERLOADED, HINT, new Decision.Park("p", NOW));
    telemetry.decided(
        ErrorKind.RATE_LIMIT, HINT, new Decision.Stop(Decision.Cause.HINT_TOO_LONG, "s", NOW));

    assertThat(telemetry.count("calls", "")).isEqualTo(1);
    assertThat(telemetry.count("attempts", "")).isEqualTo(1);
    assertThat(telemetry.count("retries", "RATE_LIMIT")).isEqualTo(1);
    assertThat(telemetry.total("retries")).isEqualTo(2);
    assertThat(telemetry.count("retries_by_source", "Retry-After")).isEqualTo(1);
    assertThat(telemetry.count("retries_by_source", "backoff")).isEqualTo(1);
    assertThat(telemetry.count("hints_seen", "Retry-After")).isEqualTo(3);
    assertThat(telemetry.count("hints_honoured", "Retry-After")).isEqualTo(1);
    assertThat(telemetry.count("hints_over_limit", "Retry-After")).isEqualTo(1);
    assertThat(telemetry.count("fallbacks", "OVERLOADED")).isEqualTo(1);
    assertThat(telemetry.count("parked", "OVERLOADED")).isEqualTo(1);
    assertThat(telemetry.count("give_ups", "HINT_TOO_LONG")).isEqualTo(1);
    assertThat(telemetry.counts()).hasSizeGreaterThan(8);
    assertThat(telemetry.histogram("wait").count()).isEqualTo(2);
    assertThat(telemetry.histogram("wait").sum()).isEqualTo(Duration.ofMillis(3_005));
    assertThat(telemetry.histogram("wait").count(0)).isEqualTo(1);
    assertThat(telemetry.histogram("wait").ends()).hasSize(15);
  }

  @Test
  void aCallIsWastedThatComesBeforeTheHintIsOver() {
    GateKey key = new GateKey("p", "", "m", "");
    ProviderError limited = ProviderError.of(ErrorKind.RATE_LIMIT, "").withHint(HINT);
    telemetry.failed(key, limited, 0, 100);
    telemetry.failed(key, limited, 50, 200);
    telemetry.failed(new GateKey("q", "", "m", ""), limited, 50, 200);
    telemetry.failed(key, ProviderError.of(ErrorKind.SERVER_ERROR, ""), 300, 400);
    telemetry.failed(key, limited, 2_000_000_200L, 2_000_000_300L);

    assertThat(telemetry.total("wasted_calls")).isEqualTo(1);
    assertThat(telemetry.count("wasted_calls", "RATE_LIMIT")).isEqualTo(1);
  }

  @Test
  void whatProvidersToldStaysBounded() {
    ProviderError limited = ProviderError.of(ErrorKind.RATE_LIMIT, "").withHint(HINT);
    for (int i = 0; i < 3_000; i++) {
      telemetry.failed(new GateKey("p" + i, "", "", ""), limited, i * 10_000_000L, i * 10_000_000L);
    }
    telemetry.failed(
        new GateKey("p2999", "", "", ""), limited, 2_999 * 10_000_000L, 30_000_000_000L);

    assertThat(telemetry.total("wasted_calls")).isEqualTo(1);
  }

  @Test
  void countsHowLongItTookToRecover() {
    telemetry.recovered(Duration.ofHours(3), 2);
    telemetry.recovered(Duration.ofSeconds(3), 40);

    assertThat(telemetry.histogram("time_to_recovery").count(15)).isEqualTo(1);
    assertThat(telemetry.histograms()).containsKey("time_to_recovery");
    assertThat(telemetry.count("attempts_per_success", "2")).isEqualTo(1);
    assertThat(telemetry.count("attempts_per_success", "more")).isEqualTo(1);
  }

  @Test
  void putsDownWhatWouldHaveBeen() {
    Decision.Retry old = new Decision.Retry(Duration.ofSeconds(60), "", NOW);
    Decision.Retry would = new Decision.Retry(Duration.ofSeconds(2), "", NOW);
    telemetry.shadow(ErrorKind.RATE_LIMIT, old, would);
    telemetry.shadow(
        ErrorKind.RATE_LIMIT, old, new Decision.Stop(Decision.Cause.DEADLINE, "", NOW));
    telemetry.shadow(ErrorKind.AUTH, new Decision.Fallback("", NOW), new Decision.Park("", NOW));

    assertThat(telemetry.count("shadow", "RATE_LIMIT_retry_to_retry")).isEqualTo(1);
    assertThat(telemetry.count("shadow", "RATE_LIMIT_retry_to_stop")).isEqualTo(1);
    assertThat(telemetry.count("shadow", "AUTH_fallback_to_park")).isEqualTo(1);
    assertThat(telemetry.histogram("shadow_real_wait").sum()).isEqualTo(Duration.ofSeconds(60));
    assertThat(telemetry.histogram("shadow_would_wait").sum()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theNumberOfSeriesStaysBounded() {
    for (int i = 0; i < 5_000; i++) {
      telemetry.decided(
          ErrorKind.RATE_LIMIT,
          Hint.after(Duration.ofSeconds(1), "header-" + i + ": 1"),
          new Decision.Fallback("", NOW));
    }

    assertThat(telemetry.counts()).hasSizeLessThanOrEqualTo(2_010);
    assertThat(telemetry.total("hints_seen")).isEqualTo(5_000);
  }
}
