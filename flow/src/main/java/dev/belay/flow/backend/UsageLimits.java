package dev.belay.flow.backend;

import dev.belay.flow.backend.UsageLimit.Source;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds in what an agent says until when its account may do nothing. */
final class UsageLimits {
  /** Numbers outside are no seconds since 1970 that anybody means. */
  private static final long LATEST_SECOND = 4_102_444_800L;

  private static final long MILLIS = 1_000;
  private static final int LOOKED_AT = 16 << 10;
  private static final int LEAP_YEARS = 8;
  private static final int LONGEST_NOTICE = 200;

  private static final Pattern MEANT =
      Pattern.compile(
          "(?i)(?:hit|reached|exceeded) your\\b[^.\\n]{0,40}?\\b(?:limit|quota)"
              + "|usage limit (?:has been )?reached|usage_limit_reached|insufficient_quota"
              + "|quota (?:has been )?exceeded|out of (?:extra )?usage|credit balance is too low");

  private static final Pattern NOTICE =
      Pattern.compile(
          "(?i)you(?:['’]ve| have) (?:hit|reached) your|(?:claude )?(?:ai )?usage limit reached");

  private static final Pattern KIND =
      Pattern.compile("(?i)(?:hit|reached) your\\s+([a-z0-9 -]{1,30}?)\\s+limit");

  private static final Pattern CLOCK =
      Pattern.compile(
          "(?i)(?:resets?|try again)(?:\\s+(?:at|on))?\\s+"
              + "(?:(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?\\s+(\\d{1,2})"
              + "(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?(?:,|\\s+at)?\\s+)?"
              + "(\\d{1,2})(?::(\\d{2}))?\\s{0,2}(am|pm)?\\b(?:\\s*\\(([^)\\n]{1,60})\\))?");

  private static final Pattern WAIT =
      Pattern.compile(
          "(?i)(?:resets?|try again) in\\s+((?:\\d{1,6}\\s{0,2}[a-z]{1,8}[,\\s]{0,3}(?:and\\s)?){1,4})");

  private static final Pattern PART = Pattern.compile("(?i)(\\d{1,6})\\s{0,2}(d|h|m|s)");

  /** A number since 1970 behind a bar, as older programs say it. */
  private static final Pattern EPOCH = Pattern.compile("(?i)limit reached\\|(\\d{9,13})\\b");

  private static final Pattern FIELD =
      Pattern.compile("\"(resets_at|resets_in_seconds)\"\\s{0,4}:\\s{0,4}\"?(\\d{1,13})");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private UsageLimits() {}

  /** Whether a text says that an allowance is used up, with or without a time. */
  static boolean isMeant(String text) {
    return MEANT.matcher(end(text)).find();
  }

  /** Whether a text says nothing else, as an agent that has not worked at all may answer. */
  static boolean isNotice(String text) {
    return text.length() < LONGEST_NOTICE
        && NOTICE.matcher(text.strip()).lookingAt()
        && isMeant(text);
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - LOOKED_AT));
  }

  /** In a field for seconds since 1970. */
  static Optional<UsageLimit> at(long second, String kind) {
    long seconds = second > LATEST_SECOND ? second / MILLIS : second;
    return seconds <= 0 || seconds > LATEST_SECOND
        ? Optional.empty()
        : Optional.of(new UsageLimit(Instant.ofEpochSecond(seconds), Source.EVENT, kind));
  }

  /** In the fields {@code resets_at} and {@code resets_in_seconds} of an error. */
  static Optional<UsageLimit> inError(JsonNode error, Instant now) {
    String kind = Json.text(error, "type");
    if (!kind.equals("usage_limit_reached")) {
      return Optional.empty();
    }
    return at(Json.number(error, "resets_at"), kind)
        .or(() -> in(Json.number(error, "resets_in_seconds"), now, kind));
  }

  private static Optional<UsageLimit> in(long seconds, Instant now, String kind) {
    return seconds <= 0 ? Optional.empty() : at(now.getEpochSecond() + seconds, kind);
  }

  /** In a text, which may hold the fields of an error somewhere. */
  static Optional<UsageLimit> inText(String whole, Instant now) {
    String text = end(whole);
    if (!isMeant(text)) {
      return Optional.empty();
    }
    Matcher kinds = KIND.matcher(text);
    String kind = kinds.find() ? kinds.group(1).toLowerCase(Locale.ROOT) : "";
    return inFields(text, now)
        .or(() -> first(EPOCH, text).flatMap(found -> epoch(found, kind)))
        .or(() -> first(WAIT, text).flatMap(found -> wait(found.group(1), now, kind)))
        .or(() -> first(CLOCK, text).flatMap(found -> clock(found, now, kind)));
  }

  private static Optional<MatchResult> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
  }

  private static Optional<UsageLimit> inFields(String text, Instant now) {
    return FIELD
        .matcher(text)
        .results()
        .flatMap(found -> {
          long number = Long.parseLong(found.group(2));
          String kind = "usage_limit_reached";
          return (found.group(1).equals("resets_at") ? at(number, kind) : in(number, now, kind))
              .stream();
        })
        .findFirst();
  }

  private static Optional<UsageLimit> epoch(MatchResult found, String kind) {
    return at(Long.parseLong(found.group(1)), kind)
        .map(limit -> new UsageLimit(limit.until(), Source.TEXT, kind));
  }

  private static Optional<UsageLimit> wait(String parts, Instant now, String kind) {
    Duration sum =
        PART.matcher(parts)
            .results()
            .map(part -> part(Long.parseLong(part.group(1)), part.group(2)))
            .reduce(Duration.ZERO, Duration::plus);
    return sum.isZero()
        ? Optional.empty()
        : Optional.of(new UsageLimit(now.plus(sum), Source.TEXT, kind));
  }

  private static Duration part(long count, String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "d" -> Duration.ofDays(count);
      case "h" -> Duration.ofHours(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofSeconds(count);
    };
  }

  /** The next moment at which clocks show that. */
  private static Optional<UsageLimit> clock(MatchResult found, Instant now, String kind) {
    ZonedDateTime there = now.atZone(zone(found.group(6)));
    try {
      LocalTime time =
          LocalTime.of(
              hour(Integer.parseInt(found.group(3)), found.group(5)),
              found.group(4) == null ? 0 : Integer.parseInt(found.group(4)));
      Optional<ZonedDateTime> next =
          found.group(1) == null
              ? Optional.of(nextDay(there, time))
              : nextYear(there, time, found.group(1), Integer.parseInt(found.group(2)));
      return next.map(at -> new UsageLimit(at.toInstant(), Source.TEXT, kind));
    } catch (DateTimeException noTime) {
      return Optional.empty();
    }
  }

  private static int hour(int hour, @Nullable String half) {
    if (half == null) {
      return hour;
    }
    if (hour < 1 || hour > 12) {
      throw new DateTimeException("no hour of half a day");
    }
    return hour % 12 + (half.equalsIgnoreCase("pm") ? 12 : 0);
  }

  private static ZonedDateTime nextDay(ZonedDateTime now, LocalTime time) {
    ZonedDateTime today = now.with(time);
    return today.isAfter(now) ? today : now.plusDays(1).with(time);
  }

  private static Optional<ZonedDateTime> nextYear(
      ZonedDateTime now, LocalTime time, String month, int day) {
    int number = MONTHS.indexOf(month.toLowerCase(Locale.ROOT)) + 1;
    for (int year = now.getYear(); year <= now.getYear() + LEAP_YEARS; year++) {
      boolean exists = day >= 1 && day <= LocalDate.of(year, number, 1).lengthOfMonth();
      if (exists) {
        ZonedDateTime at = LocalDate.of(year, number, day).atTime(time).atZone(now.getZone());
        if (at.isAfter(now)) {
          return Optional.of(at);
        }
      }
    }
    return Optional.empty();
  }

  /** Programs speak of the time of the machine unless they say otherwise. */
  private static ZoneId zone(@Nullable String name) {
    try {
      return name == null ? ZoneId.systemDefault() : ZoneId.of(name.strip());
    } catch (DateTimeException unknown) {
      return ZoneId.systemDefault();
    }
  }
}
