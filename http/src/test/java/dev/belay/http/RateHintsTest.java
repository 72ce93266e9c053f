package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.Hint;
import dev.belay.http.RateAdvice.Again;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RateHintsTest {
  private static final Instant ARRIVED = Instant.parse("2026-03-04T05:06:07Z");

  record Sample(String name, RateHints.Reply reply, Duration after, String source, Again again) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Sample> samples() throws IOException {
    try (InputStream file = RateHintsTest.class.getResourceAsStream("rate-hints.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(RateHintsTest::sample);
    }
  }

  private static Sample sample(String line) {
    String[] parts = line.split("\\|", -1);
    assertThat(parts).as(line).hasSize(8);
    RateHints.Reply reply =
        RateHints.Reply.of(headers(parts[1].strip()), ARRIVED)
            .withBody(parts[2].strip(), parts[3].strip())
            .withTokens(Long.parseLong(parts[4].strip()));
    return new Sample(
        parts[0].strip(),
        reply,
        Duration.parse(parts[5].strip()),
        parts[6].strip(),
        Again.valueOf(parts[7].strip()));
  }

  private static Function<String, List<String>> headers(String text) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header : text.isEmpty() ? new String[0] : text.split(" && ", -1)) {
      int colon = header.indexOf(':');
      all.computeIfAbsent(header.substring(0, colon), none -> new ArrayList<>())
          .add(header.substring(colon + 1).strip());
    }
    return name -> all.getOrDefault(name, List.of());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsWhatServersReallySend(Sample sample) {
    RateAdvice advice = RateHints.read(sample.reply());

    assertThat(advice.after()).isEqualTo(sample.after());
    assertThat(advice.source()).isEqualTo(sample.source());
    assertThat(advice.again()).isEqualTo(sample.again());
  }

  @Test
  void tellsWhereItFoundTheWaitAndWhatWasWrittenThere() {
    RateAdvice advice = read("Retry-After: Wed, 04 Mar 2026 05:07:37 GMT");

    assertThat(advice.hint()).isEqualTo(Hint.after(Duration.ofSeconds(90), "Retry-After"));
    assertThat(advice.hintInFull().source())
        .isEqualTo("Retry-After: Wed, 04 Mar 2026 05:07:37 GMT");
    assertThat(RateAdvice.NONE.hintInFull()).isEqualTo(Hint.NONE);
  }

  @Test
  void subtractsTheTimeThatHasPassedSinceTheAnswerCame() {
    RateAdvice advice = read("Retry-After: 10");

    assertThat(advice.minus(Duration.ofSeconds(4)).after()).isEqualTo(Duration.ofSeconds(6));
    assertThat(advice.minus(Duration.ofSeconds(40)).after()).isEqualTo(Duration.ZERO);
    assertThat(advice.minus(Duration.ofSeconds(-1)).after()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void namesEveryAllowanceThatItSees() {
    RateAdvice advice =
        read(
            "x-ratelimit-limit-requests: 60 && x-ratelimit-remaining-requests: 59"
                + " && x-ratelimit-reset-requests: 1s && x-ratelimit-limit-tokens: 150000"
                + " && x-ratelimit-remaining-tokens: 0 && x-ratelimit-reset-tokens: 6m0s");

    assertThat(advice.buckets()).extracting(RateBucket::name).containsExactly("requests", "tokens");
    assertThat(advice.buckets())
        .extracting(bucket -> bucket.isShortOf(1))
        .containsExactly(false, true);
    assertThat(advice.buckets().getFirst().limit()).hasValue(60);
  }

  @Test
  void keepsTheWindowOfALimit() {
    RateAdvice advice =
        read("x-ratelimit-limit: 1000, 60000;w=60, 1000;w=1 && x-ratelimit-remaining: 9");

    assertThat(advice.buckets().getFirst().window()).isEqualTo(Duration.ofSeconds(1));
  }

  private static final List<String> NAMES =
      List.of(
          "Date",
          "retry-after-ms",
          "x-ms-retry-after-ms",
          "grpc-retry-pushback-ms",
          "Retry-After",
          "x-amz-retry-after",
          "x-should-retry",
          "x-ratelimit-limit-tokens",
          "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-tokens",
          "anthropic-ratelimit-requests-remaining",
          "anthropic-ratelimit-requests-reset",
          "RateLimit",
          "RateLimit-Policy",
          "RateLimit-Remaining",
          "RateLimit-Reset",
          "x-ratelimit-limit",
          "x-ratelimit-remaining",
          "x-ratelimit-reset");

  private static final List<String> PIECES =
      List.of(
          "-1",
          "0",
          "1",
          "9223372036854775808",
          "1e308",
          "NaN",
          "Infinity",
          "0.0000001",
          "ms",
          "s",
          "m",
          "h",
          "\"",
          ";",
          ",",
          "=",
          "r=0",
          "t=99999999999",
          "w=1",
          "q=0",
          " ",
          "true",
          "false",
          "2026-03-04T05:07:07Z",
          "+999999999-12-31T23:59:59Z",
          "Wed, 04 Mar 2026 05:07:07 GMT",
          "Fri, 31 Dec 1999 23:59:59 GMT",
          "try again in ",
          "retry after ",
          "seconds",
          "µs",
          "\u0000");

  private static String anyText(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  @Test
  void staysWithinAYearAndNeverThrowsWhateverTheInput() {
    Cases.check(
        20_000,
        random -> {
          Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          for (int i = random.nextInt(8); i > 0; i--) {
            all.computeIfAbsent(NAMES.get(random.nextInt(NAMES.size())), none -> new ArrayList<>())
                .add(anyText(random));
          }
          return new RateHints.Reply(
              name -> all.getOrDefault(name, List.of()),
              anyText(random),
              anyText(random),
              ARRIVED,
              random.nextLong(10_000));
        },
        reply -> {
          RateAdvice advice = RateHints.read(reply);
          assertThat(advice.after()).isBetween(Duration.ZERO, Duration.ofDays(365));
          assertThat(advice.isSaid() || advice.after().isZero()).isTrue();
          assertThat(advice.raw()).hasSizeLessThanOrEqualTo(200);
        });
  }

  @Test
  void readsALongHostileTextInNoTime() {
    String hostile = "try again in " + "1 and ".repeat(50_000) + "9".repeat(50_000);

    RateAdvice advice =
        RateHints.read(
            RateHints.Reply.of(name -> List.of(hostile), ARRIVED).withBody(hostile, hostile));

    assertThat(advice.after()).isLessThanOrEqualTo(Duration.ofDays(365));
  }

  private static RateAdvice read(String headers) {
    return RateHints.read(RateHints.Reply.of(headers(headers), ARRIVED));
  }
}
