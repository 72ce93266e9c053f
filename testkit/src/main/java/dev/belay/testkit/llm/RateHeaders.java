package dev.belay.testkit.llm;

import dev.belay.testkit.Header;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a good answer tells of a rate limit. */
final class RateHeaders {
  private RateHeaders() {}

  static List<Header> of(Dialect dialect, int limit, Meter.Reading reading) {
    return switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES ->
          List.of(
              new Header("x-ratelimit-limit-requests", Integer.toString(limit)),
              new Header("x-ratelimit-remaining-requests", Integer.toString(reading.remaining())),
              new Header("x-ratelimit-reset-requests", Lengths.go(reading.reset())));
      case ANTHROPIC -> {
        Instant reset =
            Instant.now().plus(reading.reset()).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        yield List.of(
            new Header("anthropic-ratelimit-requests-limit", Integer.toString(limit)),
            new Header(
                "anthropic-ratelimit-requests-remaining", Integer.toString(reading.remaining())),
            new Header(
                "anthropic-ratelimit-requests-reset", DateTimeFormatter.ISO_INSTANT.format(reset)));
      }
      case GEMINI -> List.of(); // it tells nothing
    };
  }
}
