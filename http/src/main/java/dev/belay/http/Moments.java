package dev.belay.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** Points in time as servers write them. Takes what it cannot read for nothing; never throws. */
final class Moments {
  private static final int LONGEST = 40;
  private static final double EPOCH_MILLIS = 1e12;
  private static final double EPOCH_SECONDS = 1e9;

  private static final DateTimeFormatter FIXDATE =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Moments() {}

  /**
   * One of the three forms of RFC 9110, 5.6.7; the day of the week is not checked.
   *
   * @param now two digits of a year mean the one that is at most 50 years ahead of it
   */
  static Optional<Instant> httpDate(String text, Instant now) {
    String date = text.strip();
    if (date.length() > LONGEST) {
      return Optional.empty();
    }
    int comma = date.indexOf(',');
    if (comma >= 0) {
      String rest = date.substring(comma + 1).strip();
      return parse(FIXDATE, rest).or(() -> parse(rfc850(now), rest));
    }
    int space = date.indexOf(' ');
    return space < 0
        ? Optional.empty()
        : parse(ASCTIME, date.substring(space).strip().replaceAll(" +", " "));
  }

  /** {@code 2026-04-26T12:01:00Z}, with or without fractions, in any zone. */
  static Optional<Instant> rfc3339(String text) {
    String date = text.strip();
    if (date.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(date).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty(); // not of this form
    }
  }

  /** A number that is too large for a wait: the epoch in seconds, or in milliseconds. */
  static Optional<Instant> epoch(double value) {
    if (value < EPOCH_SECONDS) {
      return Optional.empty();
    }
    double seconds = value >= EPOCH_MILLIS ? value / 1000 : value;
    return Optional.of(Instant.EPOCH.plusMillis(Math.round(Math.min(seconds, 1e11) * 1000)));
  }

  private static Optional<Instant> parse(DateTimeFormatter format, String text) {
    try {
      return Optional.of(Instant.from(format.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty(); // not of this form
    }
  }

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
