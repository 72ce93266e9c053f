package dev.belay.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as servers write them. Takes what it cannot read for nothing; never throws. */
final class WaitText {
  private static final int LONGEST_NUMBER = 40;
  private static final int LONGEST_LENGTH = 80;
  private static final int LONGEST_MESSAGE = 4_000;
  private static final double MOST_SECONDS = 1e9;

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?");

  private static final String PART = "([0-9]++(?:\\.[0-9]++)?)\\s?+([a-zµ]++)";
  private static final Pattern ONE_PART = Pattern.compile(PART);

  private static final Map<String, Double> SECONDS =
      Map.ofEntries(
          Map.entry("ns", 1e-9),
          Map.entry("us", 1e-6),
          Map.entry("µs", 1e-6),
          Map.entry("ms", 1e-3),
          Map.entry("millisecond", 1e-3),
          Map.entry("s", 1.0),
          Map.entry("sec", 1.0),
          Map.entry("second", 1.0),
          Map.entry("m", 60.0),
          Map.entry("min", 60.0),
          Map.entry("minute", 60.0),
          Map.entry("h", 3_600.0),
          Map.entry("hr", 3_600.0),
          Map.entry("hour", 3_600.0),
          Map.entry("d", 86_400.0),
          Map.entry("day", 86_400.0));

  private static final String LENGTH =
      "[0-9]++(?:\\.[0-9]++)?(?:\\s?+(?:[a-zµ]++)(?:(?:,? (?:and )?+)?+[0-9]++(?:\\.[0-9]++)?+\\s?+[a-zµ]++){0,3}+)?+";

  /** The phrases around a wait that providers and gateways use; the wait is the first group. */
  private static final List<Pattern> PHRASES =
      List.of(
          Pattern.compile("(?:try|retry) again (?:in|after) (" + LENGTH + ")"),
          Pattern.compile("retry (?:in|after) (" + LENGTH + ")"),
          Pattern.compile("retry-after:? (" + LENGTH + ")"),
          Pattern.compile("(?:please )?wait (?:for )?(" + LENGTH + ")"),
          Pattern.compile("(?:reset|resets|available) (?:again )?in (" + LENGTH + ")"));

  private WaitText() {}

  /** A plain decimal number, possibly negative, possibly with a fraction. */
  static Optional<Double> number(String text) {
    String digits = text.strip();
    return !digits.isEmpty()
            && digits.length() <= LONGEST_NUMBER
            && NUMBER.matcher(digits).matches()
        ? Optional.of(Double.parseDouble(digits))
        : Optional.empty();
  }

  /** A length in seconds; both ends are far beyond what is ever waited. */
  static Duration seconds(double value) {
    return Duration.ofNanos(Math.round(Math.clamp(value, -MOST_SECONDS, MOST_SECONDS) * 1e9));
  }

  /** As Go and Protocol Buffers write it: {@code 6m0s}, {@code 2m59.56s}, {@code 900ms}. */
  static Optional<Duration> units(String text) {
    String rest = text.strip().toLowerCase(Locale.ROOT);
    boolean negative = rest.startsWith("-");
    rest = negative ? rest.substring(1) : rest;
    if (rest.isEmpty() || rest.length() > LONGEST_LENGTH) {
      return Optional.empty();
    }
    Matcher part = ONE_PART.matcher(rest);
    double seconds = 0;
    int end = 0;
    while (end < rest.length()) {
      Optional<Double> unit =
          part.find(end) && part.start() == end ? unit(part.group(2)) : Optional.empty();
      if (unit.isEmpty()) {
        return Optional.empty();
      }
      seconds += Double.parseDouble(part.group(1)) * unit.get();
      end = skipJoint(rest, part.end());
    }
    return Optional.of(seconds(negative ? -seconds : seconds));
  }

  /** A wait and the words it was found in. */
  record Phrase(Duration after, String text) {}

  /** A wait named in a text for people. */
  static Optional<Phrase> phrase(String message) {
    String text =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    String lower = text.toLowerCase(Locale.ROOT);
    for (Pattern pattern : PHRASES) {
      Matcher found = pattern.matcher(lower);
      while (found.find()) {
        String length = found.group(1);
        Optional<Duration> wait = units(length).or(() -> number(length).map(WaitText::seconds));
        if (wait.isPresent()) {
          return Optional.of(new Phrase(wait.get(), found.group()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Double> unit(String word) {
    Double known = SECONDS.get(word);
    if (known == null && word.endsWith("s")) {
      known = SECONDS.get(word.substring(0, word.length() - 1));
    }
    return Optional.ofNullable(known);
  }

  /** Past {@code ", "} and {@code " and "} between two parts. */
  private static int skipJoint(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ',')) {
      at++;
    }
    return text.startsWith("and ", at) ? at + 4 : at;
  }
}
