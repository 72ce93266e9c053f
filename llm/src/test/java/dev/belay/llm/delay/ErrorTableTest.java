package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.http.RateAdvice.Again;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.WireError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTableTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final ErrorTable table = ErrorTable.builtIn();

  private static WireError error(int status, String type, String code, String message) {
    return new WireError(status, type, code, message, "req_1", Headers.NONE, WireError.Quota.NONE);
  }

  private static WireError quota(String quotaId, String delay, String reason) {
    return new WireError(
        429,
        "RESOURCE_EXHAUSTED",
        "429",
        "You exceeded your current quota, please check your plan and billing details.",
        "",
        Headers.NONE,
        new WireError.Quota(delay, quotaId, reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "429|tokens|rate_limit_exceeded|Rate limit reached on tokens per min (TPM)|RATE_LIMIT",
        "429||slow_down||RATE_LIMIT",
        "429||ThrottlingException|Too many tokens|RATE_LIMIT",
        "429|rate_limit_error|||RATE_LIMIT",
        "429||||RATE_LIMIT",
        "403||||AUTH",
        "403|||Number of tokens per minute has been exceeded|RATE_LIMIT",
        "401|||too many requests for this token|RATE_LIMIT",
        "402||||QUOTA_EXHAUSTED",
        "429||credit_balance_exhausted||QUOTA_EXHAUSTED",
        "429||organization_spend_limit_exceeded||QUOTA_EXHAUSTED",
        "429||project_spend_limit_exceeded||QUOTA_EXHAUSTED",
        "429||organization_usage_limit_exceeded||QUOTA_EXHAUSTED",
        "429|insufficient_quota|insufficient_quota|You exceeded your current quota|QUOTA_EXHAUSTED",
        "429|rate_limit_error|enforced_spend_limit_reached||QUOTA_EXHAUSTED",
        "400|invalid_request_error||Your credit balance is too low to access|QUOTA_EXHAUSTED",
        "429|||You have hit your weekly limit|QUOTA_EXHAUSTED",
        "429|tokens|rate_limit_exceeded|Request too large for gpt-4o on tokens per min|CONTEXT_OVERFLOW",
        "529||||OVERLOADED",
        "529|overloaded_error||Overloaded|OVERLOADED",
        "503||||OVERLOADED",
        "503|UNAVAILABLE||The model is overloaded|OVERLOADED",
        "503||server_is_overloaded||OVERLOADED",
        "429||ModelNotReadyException||OVERLOADED",
        "500|overloaded_error|||OVERLOADED",
        "500||||SERVER_ERROR",
        "500|api_error||Internal|SERVER_ERROR",
        "502||||SERVER_ERROR",
        "504||||SERVER_ERROR",
        "504|timeout_error||Request timed out|TIMEOUT",
        "504|DEADLINE_EXCEEDED|||TIMEOUT",
        "408||||CONFLICT",
        "409||||CONFLICT",
        "425||||CONFLICT",
        "499||||CONFLICT",
        "413||||CONTEXT_OVERFLOW",
        "400||context_length_exceeded|maximum context length is 8192 tokens|CONTEXT_OVERFLOW",
        "400|invalid_request_error||prompt is too long: 210000 tokens|CONTEXT_OVERFLOW",
        "401||invalid_api_key||AUTH",
        "401|authentication_error|||AUTH",
        "400||content_filter||CONTENT_BLOCKED",
        "400|invalid_request_error||messages: field required|INVALID_REQUEST",
        "404||model_not_found||INVALID_REQUEST",
        "422||||INVALID_REQUEST",
        "418||||INVALID_REQUEST",
        "0|overloaded_error|||OVERLOADED",
        "0||||SERVER_ERROR",
      })
  void knowsWhatItComesDownTo(
      int status, String type, String code, String message, ErrorKind kind) {
    WireError error =
        error(
            status,
            type == null ? "" : type,
            code == null ? "" : code,
            message == null ? "" : message);

    assertThat(table.read("", error, NOW).kind()).isEqualTo(kind);
  }

  @Test
  void tellsTheMinutesOfGeminiFromItsDays() {
    ProviderError day = table.read("", quota("GenerateRequestsPerDayPerProject", "30s", ""), NOW);
    ProviderError both = table.read("", quota("TokensPerMinute,RequestsPerDay", "30s", ""), NOW);
    ProviderError minute = table.read("", quota("GenerateTokensPerMinute", "34.07s", ""), NOW);
    ProviderError silent = table.read("", quota("GenerateTokensPerMinute", "", ""), NOW);

    assertThat(day.kind()).isEqualTo(ErrorKind.QUOTA_EXHAUSTED);
    assertThat(both.kind()).isEqualTo(ErrorKind.QUOTA_EXHAUSTED);
    assertThat(minute.kind()).isEqualTo(ErrorKind.RATE_LIMIT);
    assertThat(minute.hint().after()).isEqualTo(Duration.ofMillis(34_070));
    assertThat(minute.hint().source()).isEqualTo("retryDelay: 34.07s");
    assertThat(silent.hint().after()).isEqualTo(Duration.ofMinutes(1));
    assertThat(table.read("", quota("", "", "QUOTA_EXHAUSTED"), NOW).kind())
        .isEqualTo(ErrorKind.QUOTA_EXHAUSTED);
  }

  @Test
  void aUsersRowComesBeforeTheBuiltInOnes() {
    ErrorRow relay =
        new ErrorRow(
            new ErrorRow.Match(
                List.of("relay"), List.of(), List.of("insufficient_quota"), List.of(), List.of()),
            ErrorKind.RATE_LIMIT,
            "",
            Duration.ofSeconds(5));
    ErrorTable own = table.with(List.of(relay));
    WireError error = error(429, "", "insufficient_quota", "");

    assertThat(own.read("my-relay", error, NOW).kind()).isEqualTo(ErrorKind.RATE_LIMIT);
    assertThat(own.read("my-relay", error, NOW).hint().after()).isEqualTo(Duration.ofSeconds(5));
    assertThat(own.read("openai", error, NOW).kind()).isEqualTo(ErrorKind.QUOTA_EXHAUSTED);
  }

  @Test
  void passesOnWhetherTheProviderWantsItAgain() {
    WireError told =
        new WireError(
            400,
            "",
            "",
            "",
            "",
            Headers.of("x-should-retry", "true").with("retry-after-ms", "1500"),
            WireError.Quota.NONE);

    ErrorTable.Judgement judged = table.judge("openai", told, NOW);

    assertThat(judged.error().again()).isEqualTo(Again.YES);
    assertThat(judged.error().hint().source()).isEqualTo("retry-after-ms: 1500");
    assertThat(judged.advice().after()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void saysWhatToDoAboutIt() {
    assertThat(table.judge("", error(401, "", "", ""), NOW).remedy()).contains("key");
    assertThat(table.judge("", error(999, "", "", ""), NOW).remedy()).isEmpty();
    assertThat(table.version()).matches("\\d{4}-\\d{2}-\\d{2}");
    assertThat(table.rows()).hasSizeGreaterThan(20);
  }

  @Test
  void aRowThatIsWrongIsNamed() {
    assertThatThrownBy(() -> ErrorTable.parse("{\"rows\":[{\"kind\":\"NOPE\"}]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows[0].kind must be one of");
    assertThatThrownBy(
            () -> ErrorTable.parse("{\"rows\":[{\"kind\":\"AUTH\",\"sttaus\":\"401\"}]}"))
        .hasMessageContaining("rows[0].sttaus is not known");
    assertThatThrownBy(
            () -> ErrorTable.parse("{\"rows\":[{\"kind\":\"AUTH\",\"status\":\"4xx\"}]}"))
        .hasMessageContaining("was '4xx'");
    assertThatThrownBy(() -> ErrorTable.parse("{\"rows\":[3]}")).hasMessageContaining("rows[0]");
    assertThatThrownBy(() -> new ErrorRow.Statuses(5, 4)).hasMessageContaining("lowest first");
  }

  @Test
  void readsNumbersAndLoneValuesInAFile() {
    ErrorTable own =
        ErrorTable.parse(
            "{\"version\":\"x\",\"rows\":[{\"status\":[418],\"kind\":\"overloaded\",\"pause\":\"PT3S\"}]}");

    assertThat(own.read("", error(418, "", "", ""), NOW).hint().after())
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(ErrorRow.Match.codes("a").codes()).containsExactly("a");
  }
}
