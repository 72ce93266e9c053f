package dev.belay.testkit.llm;

import dev.belay.testkit.Header;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The headers that say when to come back. */
final class Hints {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  private Hints() {}

  /** Whether a hint is said in that form. */
  static boolean says(Fault.Hint hint, HintForm form, Dialect dialect) {
    return forms(hint, dialect).contains(form);
  }

  private static Set<HintForm> forms(Fault.Hint hint, Dialect dialect) {
    return hint.forms().isEmpty() ? usual(dialect) : EnumSet.copyOf(hint.forms());
  }

  private static Set<HintForm> usual(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES ->
          EnumSet.of(
              HintForm.RETRY_AFTER, HintForm.RETRY_AFTER_MS, HintForm.RESETS, HintForm.MESSAGE);
      case ANTHROPIC -> EnumSet.of(HintForm.RETRY_AFTER, HintForm.RESETS);
      case GEMINI -> EnumSet.of(HintForm.RETRY_INFO, HintForm.MESSAGE);
    };
  }

  static List<Header> headers(Fault.Hint hint, Dialect dialect, Instant real) {
    Instant now = real.plus(hint.skew());
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Date", date(now)));
    for (HintForm form : forms(hint, dialect)) {
      headers.addAll(headers(form, hint.after(), dialect, now));
    }
    return headers;
  }

  private static List<Header> headers(HintForm form, Duration wait, Dialect dialect, Instant now) {
    String seconds = Long.toString(Lengths.wholeSeconds(wait));
    String millis = Long.toString(Lengths.millis(wait));
    return switch (form) {
      case RETRY_AFTER -> List.of(new Header("retry-after", seconds));
      case RETRY_AFTER_FRACTION -> List.of(new Header("retry-after", Lengths.seconds(wait)));
      case RETRY_AFTER_DATE -> List.of(new Header("retry-after", date(roundedUp(now.plus(wait)))));
      case RETRY_AFTER_MS -> List.of(new Header("retry-after-ms", millis));
      case AZURE_MS -> List.of(new Header("x-ms-retry-after-ms", millis));
      case AMAZON_MS -> List.of(new Header("x-amz-retry-after", millis));
      case RESETS ->
          switch (dialect) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> goResets(wait);
            case ANTHROPIC -> instantResets(now.plus(wait));
            case GEMINI -> List.of();
          };
      case RESETS_IN_SECONDS ->
          List.of(
              new Header("x-ratelimit-limit-requests", "3"),
              new Header("x-ratelimit-remaining-requests", "0"),
              new Header("x-ratelimit-reset-requests", seconds),
              new Header("x-ratelimit-remaining-tokens", "-1"),
              new Header("x-ratelimit-reset-tokens", "0"));
      case RESET_EPOCH ->
          List.of(
              new Header("X-RateLimit-Remaining", "0"),
              new Header(
                  "X-RateLimit-Reset", Long.toString(roundedUp(now.plus(wait)).getEpochSecond())));
      case IETF ->
          List.of(
              new Header("RateLimit-Policy", "\"default\";q=3;w=60"),
              new Header("RateLimit", "\"default\";r=0;t=" + seconds));
      case IETF_OLD ->
          List.of(
              new Header("RateLimit-Limit", "3"),
              new Header("RateLimit-Remaining", "0"),
              new Header("RateLimit-Reset", seconds));
      case RETRY_INFO, MESSAGE -> List.of();
    };
  }

  private static List<Header> goResets(Duration wait) {
    return List.of(
        new Header("x-ratelimit-limit-requests", "3"),
        new Header("x-ratelimit-limit-tokens", "40000"),
        new Header("x-ratelimit-remaining-requests", "0"),
        new Header("x-ratelimit-remaining-tokens", "39000"),
        new Header("x-ratelimit-reset-requests", Lengths.go(wait)),
        new Header("x-ratelimit-reset-tokens", "1ms"));
  }

  private static List<Header> instantResets(Instant reset) {
    String exhausted = DateTimeFormatter.ISO_INSTANT.format(roundedUp(reset));
    return List.of(
        new Header("anthropic-ratelimit-requests-limit", "50"),
        new Header("anthropic-ratelimit-requests-remaining", "0"),
        new Header("anthropic-ratelimit-requests-reset", exhausted),
        new Header("anthropic-ratelimit-tokens-limit", "40000"),
        new Header("anthropic-ratelimit-tokens-remaining", "39000"),
        // Not exhausted, so its later reset is nothing to wait for.
        new Header(
            "anthropic-ratelimit-tokens-reset",
            DateTimeFormatter.ISO_INSTANT.format(roundedUp(reset.plusSeconds(60)))));
  }

  /** Whole seconds, later rather than earlier: whoever obeys must not come early. */
  private static Instant roundedUp(Instant instant) {
    Instant whole = instant.truncatedTo(ChronoUnit.SECONDS);
    return whole.equals(instant) ? whole : whole.plusSeconds(1);
  }

  static String date(Instant instant) {
    return HTTP_DATE.format(instant.atOffset(ZoneOffset.UTC));
  }
}
