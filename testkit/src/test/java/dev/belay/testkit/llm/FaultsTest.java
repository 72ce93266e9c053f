package dev.belay.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.Script;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors and hints, each in the form of its dialect. */
class FaultsTest {
  private static final Duration HALF = Duration.ofMillis(456);
  private static final Duration LONG = Duration.ofMillis(34_070);

  @Nested
  class OfOpenAi {
    @Test
    void rateLimitsWithAllItsHints() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(Fault.rateLimited(HALF).shouldRetry(true));
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.chat(""));

        assertThat(got.status()).isEqualTo(429);
        assertThat(got.at("/error/code")).isEqualTo("rate_limit_exceeded");
        assertThat(got.at("/error/type")).isEqualTo("requests");
        assertThat(got.at("/error/message")).endsWith("Please try again in 456ms.");
        assertThat(got.header("retry-after")).isEqualTo("1");
        assertThat(got.header("retry-after-ms")).isEqualTo("456");
        assertThat(got.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(got.header("x-ratelimit-reset-requests")).isEqualTo("456ms");
        assertThat(got.header("x-should-retry")).isEqualTo("true");
      }
    }

    @Test
    void tellsQuotaMoneyAndSpeedApart() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Script.of(
                      Fault.of(Trouble.QUOTA),
                      Fault.of(Trouble.CREDIT),
                      Fault.of(Trouble.SLOW_DOWN),
                      Fault.of(Trouble.CONTEXT_OVERFLOW)));
          Client client = new Client(provider)) {
        assertThat(client.send(client.chat("")).at("/error/type")).isEqualTo("insufficient_quota");
        assertThat(client.send(client.responses("")).at("/error/code"))
            .isEqualTo("credit_balance_exhausted");
        Client.Got slow = client.send(client.chat(""));
        assertThat(slow.status()).isEqualTo(503);
        assertThat(slow.at("/error/code")).isEqualTo("slow_down");
        assertThat(client.send(client.chat("")).at("/error/code"))
            .isEqualTo("context_length_exceeded");
      }
    }

    @Test
    void speaksAsAzureDoes() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(Fault.azureRateLimited(Duration.ofMillis(25_400)));
          Client client = new Client(provider)) {
        Client.Got got =
            client.send(
                client
                    .request(
                        "/openai/deployments/gpt-mine/chat/completions?api-version=2024-02-01",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                    .header("api-key", "azure-key"));

        assertThat(got.at("/error/code")).isEqualTo("429");
        assertThat(got.at("/error/message")).endsWith("retry after 26 seconds.");
        assertThat(got.header("x-ms-retry-after-ms")).isEqualTo("25400");
        assertThat(got.header("retry-after-ms")).isEqualTo("25400");
        assertThat(got.header("retry-after")).isEqualTo("26");
        assertThat(got.header("x-ratelimit-reset-requests")).isEqualTo("26");
        assertThat(got.header("x-ratelimit-remaining-tokens")).isEqualTo("-1");
        assertThat(provider.requests().getFirst().model()).isEqualTo("gpt-mine");
      }
    }

    @Test
    void filtersAsAzureDoes() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(Fault.azureContentFilter());
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.chat(""));
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.at("/error/code")).isEqualTo("content_filter");
        assertThat(got.at("/error/innererror/content_filter_result/violence/severity"))
            .isEqualTo("high");
      }
    }

    @Test
    void speaksAsGroqDoes() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(Fault.groqRateLimited(Duration.ofMillis(179_560)));
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.chat(""));

        assertThat(got.at("/error/type")).isEqualTo("tokens");
        assertThat(got.at("/error/message")).contains("tokens per minute", "2m59.56s");
        assertThat(got.header("retry-after")).isEqualTo("180");
        assertThat(got.header("retry-after-ms")).isEmpty();
        assertThat(got.header("x-ratelimit-reset-requests")).isEqualTo("2m59.56s");
      }
    }
  }

  @Nested
  class OfAnthropic {
    @Test
    void rateLimitsWithInstants() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(Fault.rateLimited(LONG));
          Client client = new Client(provider)) {
        Instant before = Instant.now();
        Client.Got got = client.send(client.messages(""));

        assertThat(got.status()).isEqualTo(429);
        assertThat(got.at("/type")).isEqualTo("error");
        assertThat(got.at("/error/type")).isEqualTo("rate_limit_error");
        assertThat(got.at("/error/message")).doesNotContain("try again");
        assertThat(got.at("/request_id")).isEqualTo(got.header("request-id"));
        assertThat(got.header("retry-after")).isEqualTo("35");
        assertThat(got.header("anthropic-ratelimit-requests-remaining")).isEqualTo("0");
        Instant reset = Instant.parse(got.header("anthropic-ratelimit-requests-reset"));
        assertThat(reset).isAfterOrEqualTo(before.plus(LONG));
        assertThat(Instant.parse(got.header("anthropic-ratelimit-tokens-reset"))).isAfter(reset);
      }
    }

    @Test
    void hasItsOwnStatuses() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Script.of(
                      Fault.overloaded(),
                      Fault.of(Trouble.CREDIT),
                      Fault.of(Trouble.QUOTA).code("enforced_spend_limit_reached")));
          Client client = new Client(provider)) {
        Client.Got overloaded = client.send(client.messages(""));
        assertThat(overloaded.status()).isEqualTo(529);
        assertThat(overloaded.at("/error/type")).isEqualTo("overloaded_error");
        Client.Got credit = client.send(client.messages(""));
        assertThat(credit.status()).isEqualTo(400);
        assertThat(credit.at("/error/message")).contains("credit balance is too low");
        assertThat(client.send(client.messages("")).at("/error/details/error_code"))
            .isEqualTo("enforced_spend_limit_reached");
        assertThat(provider.countOf(400)).isEqualTo(2);
        assertThat(provider.countOf(529)).isEqualTo(1);
      }
    }
  }

  @Nested
  class OfGemini {
    @Test
    void saysInTheBodyWhenToComeBack() throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(Fault.rateLimited(LONG));
          Client client = new Client(provider)) {
        Client.Got got = client.send(client.gemini("generateContent"));

        assertThat(got.status()).isEqualTo(429);
        assertThat(got.at("/error/status")).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(got.at("/error/message")).endsWith("Please retry in 34.07s.");
        assertThat(got.at("/error/details/0/violations/0/quotaId")).contains("PerMinute");
        assertThat(got.at("/error/details/1/reason")).isEqualTo("RATE_LIMIT_EXCEEDED");
        assertThat(got.at("/error/details/2/@type"))
            .isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
        assertThat(got.at("/error/details/2/retryDelay")).isEqualTo("34.07s");
        assertThat(got.header("retry-after")).isEmpty();
      }
    }

    @Test
    void tellsAQuotaOfTheDayApart() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Script.of(
                      Fault.of(Trouble.QUOTA), Fault.overloaded(), Fault.of(Trouble.CREDIT)));
          Client client = new Client(provider)) {
        assertThat(
                client
                    .send(client.gemini("generateContent"))
                    .at("/error/details/0/violations/0/quotaId"))
            .contains("PerDay");
        assertThat(client.send(client.gemini("generateContent")).at("/error/status"))
            .isEqualTo("UNAVAILABLE");
        assertThat(client.send(client.gemini("generateContent")).at("/error/details/0/reason"))
            .isEqualTo("QUOTA_EXHAUSTED");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {400, 401, 403, 404, 405, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 529})
  void saysAnyStatusInEachDialect(int status) throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Fault.status(status));
        Client client = new Client(provider)) {
      for (Client.Got got :
          List.of(
              client.send(client.chat("")),
              client.send(client.responses(",\"stream\":true")),
              client.send(client.messages("")),
              client.send(client.gemini("generateContent")))) {
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.at("/error/message")).isNotEmpty().isNotEqualTo("?");
      }
      assertThat(provider.countOf(status)).isEqualTo(4);
    }
  }

  @Test
  void saysOtherWordsWhenAsked() throws Exception {
    try (FaultyProvider provider =
            FaultyProvider.start(
                Script.of(
                    Fault.status(418).type("teapot_error").code("short").message("and stout"),
                    Fault.status(502).header("Content-Type", "text/plain").body("bad gateway")));
        Client client = new Client(provider)) {
      Client.Got teapot = client.send(client.chat(""));
      assertThat(teapot.body())
          .isEqualTo(
              "{\"error\":{\"message\":\"and stout\",\"type\":\"teapot_error\",\"param\":null,"
                  + "\"code\":\"short\"}}");
      Client.Got gateway = client.send(client.chat(""));
      assertThat(gateway.body()).isEqualTo("bad gateway");
      assertThat(gateway.response().headers().allValues("content-type"))
          .containsExactly("text/plain");
    }
  }

  @Nested
  class HintedBy {
    private Client.Got got(Fault fault) throws Exception {
      try (FaultyProvider provider = FaultyProvider.start(fault);
          Client client = new Client(provider)) {
        return client.send(client.chat(""));
      }
    }

    @Test
    void aDateOnAClockThatGoesWrong() throws Exception {
      Client.Got got =
          got(
              Fault.rateLimited(LONG)
                  .hintedBy(HintForm.RETRY_AFTER_DATE)
                  .clockSkew(Duration.ofHours(-2)));

      Instant retry = date(got.header("retry-after"));
      assertThat(date(got.header("date"))).isBefore(Instant.now().minus(Duration.ofMinutes(119)));
      assertThat(Duration.between(date(got.header("date")), retry))
          .isBetween(LONG, LONG.plusSeconds(2));
      assertThat(got.at("/error/message")).doesNotContain("try again");
    }

    private Instant date(String text) {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    @Test
    void eachHeaderThereIs() throws Exception {
      assertThat(got(HintForm.RETRY_AFTER_FRACTION).header("retry-after")).isEqualTo("0.456");
      assertThat(got(HintForm.AMAZON_MS).header("x-amz-retry-after")).isEqualTo("456");
      assertThat(got(HintForm.AZURE_MS).header("x-ms-retry-after-ms")).isEqualTo("456");
      assertThat(got(HintForm.IETF).header("ratelimit")).isEqualTo("\"default\";r=0;t=1");
      assertThat(got(HintForm.IETF).header("ratelimit-policy")).isEqualTo("\"default\";q=3;w=60");
      assertThat(got(HintForm.IETF_OLD).header("ratelimit-reset")).isEqualTo("1");
      long reset = Long.parseLong(got(HintForm.RESET_EPOCH).header("x-ratelimit-reset"));
      assertThat(reset).isGreaterThan(Instant.now().minusSeconds(60).getEpochSecond());
      assertThat(got(HintForm.MESSAGE).at("/error/message")).endsWith("in 456ms.");
      assertThat(got(HintForm.RETRY_INFO).header("retry-after")).isEmpty();
    }

    private Client.Got got(HintForm form) throws Exception {
      return got(Fault.rateLimited(HALF).hintedBy(form));
    }

    @Test
    void nothingThatWasNotAskedFor() throws Exception {
      Client.Got got = got(Fault.rateLimited(HALF).hintedBy(HintForm.AMAZON_MS));
      assertThat(got.response().headers().map().keySet())
          .noneMatch(name -> name.startsWith("retry-after") || name.startsWith("x-ratelimit"));
    }

    @Test
    void nothingBeforeThereIsAHint() {
      assertThatThrownBy(() -> Fault.overloaded().hintedBy(HintForm.MESSAGE))
          .hasMessageContaining("set it first");
      assertThatThrownBy(() -> Fault.overloaded().clockSkew(HALF))
          .hasMessageContaining("set it first");
    }
  }

  @Test
  void writesLengthsOfTimeAsGoDoes() {
    Stream<Duration> lengths =
        Stream.of(0L, 1L, 12L, 1000L, 7660L, 60_000L, 360_000L, 179_560L, 3_605_000L)
            .map(Duration::ofMillis);
    assertThat(lengths.map(Lengths::go))
        .containsExactly("0s", "1ms", "12ms", "1s", "7.66s", "1m0s", "6m0s", "2m59.56s", "1h0m5s");
    assertThat(Lengths.go(Duration.ofNanos(1_500_000))).isEqualTo("1.5ms");
    assertThat(Lengths.seconds(Duration.ofNanos(34_074_824_224L))).isEqualTo("34.074824224");
    assertThat(Lengths.seconds(Duration.ofSeconds(50))).isEqualTo("50");
  }

  @Test
  void hasWordsForAllTroublesInAllDialects() {
    assertThat(Arrays.stream(Dialect.values()).map(Voice::of))
        .allSatisfy(voice -> {
          for (Trouble trouble : Trouble.values()) {
            Wording wording = voice.wording(Fault.of(trouble));
            assertThat(wording.status()).isBetween(400, 599);
            assertThat(wording.type()).isNotEmpty();
            assertThat(wording.message()).isNotEmpty();
          }
        });
  }

  @Test
  void rejectsWhatMakesNoSense() {
    assertThatThrownBy(() -> Fault.status(200)).hasMessageContaining("400 to 599, was 200");
    assertThatThrownBy(() -> Fault.rateLimited(Duration.ofSeconds(-1)))
        .hasMessageContaining("must not be negative");
    assertThatThrownBy(() -> Fault.overloaded().delayed(Duration.ofSeconds(-1)))
        .hasMessageContaining("must not be negative");
    assertThat(Fault.rateLimited(HALF)).hasToString("Fault[RATE_LIMIT, PT0.456S]");
    assertThat(Fault.overloaded()).hasToString("Fault[OVERLOADED]");
  }
}
