package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.Hint;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After|120|PT2M",
        "Retry-After| 1.5 |PT1.5S",
        "Retry-After|0|PT0S",
        "Retry-After|-5|PT0S",
        "Retry-After|99999999999|PT8760H",
        "Retry-After|Wed, 04 Mar 2026 05:07:07 GMT|PT1M",
        "Retry-After|Wednesday, 04-Mar-26 05:07:07 GMT|PT1M",
        "Retry-After|Wed Mar  4 05:07:07 2026|PT1M",
        "Retry-After|Wed, 04 Mar 2026 05:06:06 GMT|PT0S",
        "Retry-After|Sunday, 06-Nov-94 08:49:37 GMT|PT0S",
        "Retry-After|Wed, 04 Mar 2099 05:07:07 GMT|PT8760H",
        "retry-after-ms|1500|PT1.5S",
        "retry-after-ms|-1|PT0S",
        "x-ratelimit-reset|30|PT30S",
        "x-ratelimit-reset|1772600777|PT10S",
        "x-ratelimit-reset|1772600777500|PT10.5S",
        "x-ratelimit-reset|1000000000|PT0S",
        "ratelimit-reset|7|PT7S",
      })
  void readsEveryForm(String name, String value, Duration wait) {
    headers.set(name, value);

    Hint hint = RetryAfter.hint(headers, NOW);

    assertThat(hint.after()).isEqualTo(wait);
    assertThat(hint.source()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "1e9",
        "0x10",
        "+5",
        "NaN",
        "1,5",
        "Wed, 99 Mar 2026 05:07:07 GMT",
        "Wed, 04 Mar 2026 05:07:07 CET",
        "Wed Mar",
        ", ",
        "12345678901234567890123456789012345678901"
      })
  void takesGarbageForNothing(String value) {
    headers.set("Retry-After", value).set("x-ratelimit-reset", value);

    assertThat(RetryAfter.hint(headers, NOW)).isEqualTo(Hint.NONE);
  }

  @Test
  void comparesWithTheServersOwnClock() {
    headers
        .set("Date", "Wed, 04 Mar 2020 05:06:07 GMT")
        .set("Retry-After", "Wed, 04 Mar 2020 05:06:37 GMT");

    assertThat(RetryAfter.hint(headers, NOW).after()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void prefersTheExactWordAndFallsBackWhenItIsGarbage() {
    headers.set("retry-after-ms", "100").set("Retry-After", "9").set("ratelimit-reset", "8");
    assertThat(RetryAfter.hint(headers, NOW).source()).isEqualTo("retry-after-ms");

    headers.set("retry-after-ms", "x");
    assertThat(RetryAfter.hint(headers, NOW).source()).isEqualTo("Retry-After");

    headers.set("Retry-After", "x");
    assertThat(RetryAfter.hint(headers, NOW).source()).isEqualTo("ratelimit-reset");
  }

  @Test
  void staysWithinAYearWhateverTheInput() {
    String alphabet = "0123456789-.,: GMTWedMar";
    Cases.check(
        2000,
        random -> {
          var text = new StringBuilder();
          random
              .ints(random.nextInt(45), 0, alphabet.length())
              .forEach(i -> text.append(alphabet.charAt(i)));
          return text.toString();
        },
        text -> {
          MultiMap all = MultiMap.caseInsensitiveMultiMap();
          all.set("Retry-After", text).set("Date", text).set("retry-after-ms", text);
          assertThat(RetryAfter.hint(all, NOW).after())
              .isBetween(Duration.ZERO, Duration.ofDays(365));
        });
  }
}
