package dev.belay.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "1.5s, PT1.5S",
    "2m, PT2M",
    "1h, PT1H",
    "0.5h, PT30M",
    "1.5d, PT36H",
    "3, PT3S",
    "0, PT0S",
    "0.000000001, PT0.000000001S",
    "0.000000001ms, PT0S",
    "-2s, PT-2S"
  })
  void readsLengthsOfTime(String text, Duration length) {
    assertThat(DurationText.parse(text)).contains(length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "1 s", "1w", "1s2m", "1e3s", "+1s", ".5s", "5.s", "1µs", "one"})
  void refusesOtherLengths(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }

  @Test
  void lengthsEndAtForever() {
    assertThat(DurationText.parse("9999999999h")).contains(RetryPolicy.FOREVER);
    assertThat(DurationText.parse("-9999999999h")).contains(RetryPolicy.FOREVER.negated());
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.25S, 250ms",
    "PT1.5S, 1.5s",
    "PT90S, 90s",
    "PT2M, 2m",
    "PT1H, 1h",
    "PT24H, 24h",
    "PT0.0000005S, 0.0005ms"
  })
  void writesLengthsOfTime(Duration length, String text) {
    assertThat(DurationText.of(length)).isEqualTo(text);
  }

  @Test
  void noLimitIsNone() {
    assertThat(DurationText.of(RetryPolicy.FOREVER)).isEqualTo("none");
    assertThat(DurationText.of(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("none");
  }

  @Test
  void readsWhatItWrites() {
    Cases.check(
        500,
        random -> Duration.ofNanos(random.nextLong(Duration.ofDays(300).toNanos()) / 1_000 * 1_000),
        length -> assertThat(DurationText.parse(DurationText.of(length))).contains(length));
  }

  @Test
  void guessesWhatWasMeant() {
    List<String> known = List.of("port", "host", "max_attempts");

    assertThat(Nearest.to("prt", known)).contains("port");
    assertThat(Nearest.to("prot", known)).contains("port");
    assertThat(Nearest.to("max_attempt", known)).contains("max_attempts");
    assertThat(Nearest.to("colour", known)).isEmpty();
    assertThat(Nearest.to("p".repeat(100), known)).isEmpty();
  }

  @Test
  void distanceIsAMetric() {
    Cases.check(
        200,
        random -> List.of(word(random.nextInt(8), random), word(random.nextInt(8), random)),
        words -> {
          int distance = Nearest.distance(words.get(0), words.get(1));
          assertThat(distance).isEqualTo(Nearest.distance(words.get(1), words.get(0)));
          assertThat(distance == 0).isEqualTo(words.get(0).equals(words.get(1)));
          assertThat(distance).isLessThanOrEqualTo(8);
        });
  }

  private static String word(int length, java.util.random.RandomGenerator random) {
    return random
        .ints(length, 'a', 'd')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
