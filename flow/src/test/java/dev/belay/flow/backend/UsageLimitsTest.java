package dev.belay.flow.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flow.backend.UsageLimit.Source;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageLimitsTest {
  /** Noon in London, 13:00 in Berlin, 7:00 in New York. */
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private static Optional<Instant> until(String text) {
    return UsageLimits.inText(text, NOW).map(UsageLimit::until);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resets 3pm (Europe/London)|2026-11-28T15:00:00Z",
        "resets 3:30pm (Europe/Berlin)|2026-11-28T14:30:00Z",
        "resets 3pm (America/New_York)|2026-11-28T20:00:00Z",
        "resets at 12am (Europe/London)|2026-11-29T00:00:00Z",
        "resets 12pm (Europe/London)|2026-11-29T12:00:00Z",
        "resets 11am (Europe/London)|2026-11-29T11:00:00Z",
        "resets 15:45 (UTC)|2026-11-28T15:45:00Z",
        "resets Jan 5, 3pm (Europe/London)|2027-01-05T15:00:00Z",
        "resets Dec 1 at 9:05am (UTC)|2026-12-01T09:05:00Z",
        "resets Nov 28, 11am (UTC)|2027-11-28T11:00:00Z",
        "resets Feb 29, 1am (UTC)|2028-02-29T01:00:00Z",
        "try again in 2 days 3 hours 5 minutes|2026-11-30T15:05:00Z",
        "resets in 90 seconds|2026-11-28T12:01:30Z",
      })
  void aSentenceTellsTheNextSuchTime(String when, Instant until) {
    UsageLimit limit = UsageLimits.inText("You've hit your weekly limit · " + when, NOW).get();

    assertThat(limit).isEqualTo(new UsageLimit(until, Source.TEXT, "weekly"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "You've hit your limit",
        "You've hit your limit · resets 25pm (UTC)",
        "You've hit your limit · resets 13pm (UTC)",
        "You've hit your limit · resets Feb 31, 3pm (UTC)",
        "You've hit your limit · resets soon"
      })
  void aSentenceWithoutATimeIsALimitAllTheSame(String text) {
    assertThat(UsageLimits.isMeant(text)).isTrue();
    assertThat(until(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "the counter resets 3pm (UTC)",
        "approaching your usage limit · resets 3pm (UTC)"
      })
  void whatSpeaksOfNoLimitIsNone(String text) {
    assertThat(UsageLimits.isMeant(text)).isFalse();
    assertThat(until(text)).isEmpty();
  }

  @Test
  void aZoneThatIsNotKnownIsTheOneOfTheMachine() {
    assertThat(until("hit your limit · resets 3pm (Middle-earth/Shire)")).isPresent();
  }

  @Test
  void fieldsAreFoundInTheMiddleOfAText() {
    String at =
        "status 429: {\"error\":{\"type\":\"usage_limit_reached\",\"resets_at\":1900000000}}";
    String in = "{\"type\":\"usage_limit_reached\",\"resets_in_seconds\":120}";

    assertThat(until(at)).contains(Instant.ofEpochSecond(1_900_000_000));
    assertThat(until(in)).contains(NOW.plusSeconds(120));
  }

  @Test
  void secondsSince1970AreToldFromMilliseconds() {
    Instant until = Instant.ofEpochSecond(1_900_000_000);

    assertThat(UsageLimits.at(1_900_000_000L, "").map(UsageLimit::until)).contains(until);
    assertThat(UsageLimits.at(1_900_000_000_000L, "").map(UsageLimit::until)).contains(until);
    assertThat(UsageLimits.at(0, "")).isEmpty();
    assertThat(UsageLimits.at(Long.MAX_VALUE, "")).isEmpty();
    assertThat(until("Claude AI usage limit reached|1900000000")).contains(until);
  }
}
