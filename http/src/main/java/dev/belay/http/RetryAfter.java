package dev.belay.http;

import dev.belay.Hint;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an answer's headers when its server wants to be asked again. Never throws: what cannot
 * be read says nothing. Safe for any number of threads.
 *
 * <p>In this order the first that can be read counts: {@code retry-after-ms}, {@code Retry-After},
 * {@code ratelimit-reset}, {@code x-ratelimit-reset}. A reset of 1e12 and more is the epoch in
 * milliseconds, of 1e9 and more the epoch in seconds, below that a number of seconds from now.
 * Points in time are compared with the answer's own {@code Date} where it has one, so that the two
 * clocks need not agree. What lies in the past is zero; nothing is longer than 365 days.
 */
public final class RetryAfter {
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final double EPOCH_MILLIS = 1e12;
  private static final double EPOCH_SECONDS = 1e9;
  private static final List<String> RESETS = List.of("ratelimit-reset", "x-ratelimit-reset");

  private RetryAfter() {}

  /**
   * The server's word, or {@link Hint#NONE}.
   *
   * @param now the wall clock when the answer arrived
   */
  public static Hint hint(MultiMap headers, Instant now) {
    Instant origin = date(headers.get("Date"), now).orElse(now);
    String millis = headers.get("retry-after-ms");
    Optional<Hint> found =
        number(millis).map(value -> hint(seconds(value / 1000), "retry-after-ms"));
    if (found.isEmpty()) {
      String text = headers.get("Retry-After");
      found =
          number(text)
              .map(RetryAfter::seconds)
              .or(() -> date(text, now).map(then -> Duration.between(origin, then)))
              .map(wait -> hint(wait, "Retry-After"));
    }
    for (int i = 0; found.isEmpty() && i < RESETS.size(); i++) {
      String name = RESETS.get(i);
      found = number(headers.get(name)).map(value -> hint(reset(value, origin), name));
    }
    return found.orElse(Hint.NONE);
  }

  private static Hint hint(Duration wait, String source) {
    Duration bounded = wait.isNegative() ? Duration.ZERO : wait;
    return Hint.after(bounded.compareTo(LONGEST) > 0 ? LONGEST : bounded, source);
  }

  private static Duration reset(double value, Instant origin) {
    if (value >= EPOCH_SECONDS) {
      double epoch = value >= EPOCH_MILLIS ? value / 1000 : value;
      return seconds(epoch - origin.getEpochSecond() - origin.getNano() / 1e9);
    }
    return seconds(value);
  }

  private static Duration seconds(double value) {
    // doubles beyond this range do not fit nanoseconds; both ends are cut off later anyway
    double bounded = Math.clamp(value, -1e9, 1e9);
    return Duration.ofMillis(Math.round(bounded * 1000));
  }

  /** A plain decimal number, possibly negative, possibly with a fraction. */
  private static Optional<Double> number(@Nullable String text) {
    String digits = text == null ? "" : text.strip();
    if (digits.isEmpty() || digits.length() > 40 || !digits.matches("-?[0-9]+(\\.[0-9]+)?")) {
      return Optional.empty();
    }
    return Optional.of(Double.parseDouble(digits));
  }

  /** One of the three forms of RFC 9110, 5.6.7; the day of the week is not checked. */
  private static Optional<Instant> date(@Nullable String text, Instant now) {
    String date = text == null ? "" : text.strip();
    int comma = date.indexOf(',');
    if (date.length() > 40) {
      return Optional.empty();
    }
    if (comma >= 0) {
      String rest = date.substring(comma + 1).strip();
      return parse(FIXDATE, rest).or(() -> parse(rfc850(now), rest));
    }
    int space = date.indexOf(' ');
    return space < 0
        ? Optional.empty()
        : parse(ASCTIME, date.substring(space).strip().replaceAll(" +", " "));
  }

  private static Optional<Instant> parse(DateTimeFormatter format, String text) {
    try {
      return Optional.of(Instant.from(format.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty(); // not of this form
    }
  }

  private static final DateTimeFormatter FIXDATE =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  /** Two digits of a year mean the one that is at most 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    int firstYear = now.atZone(ZoneOffset.UTC).getYear() - 49;
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("d-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }
}
