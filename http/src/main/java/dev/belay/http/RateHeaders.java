package dev.belay.http;

import dev.belay.http.RateHints.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The headers of one answer, and the clock that its dates are measured by. */
final class RateHeaders {
  private static final int MOST_VALUES = 16;
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");

  private final Function<String, List<String>> values;
  private final Instant arrived;
  private final Instant origin;

  RateHeaders(Function<String, List<String>> values, Instant arrived) {
    this.values = values;
    this.arrived = arrived;
    this.origin =
        all("Date").stream()
            .flatMap(date -> Moments.httpDate(date, arrived).stream())
            .findFirst()
            .orElse(arrived);
  }

  List<String> all(String name) {
    List<String> all = values.apply(name);
    return all.size() <= MOST_VALUES ? all : all.subList(0, MOST_VALUES);
  }

  boolean has(String name) {
    return !all(name).isEmpty();
  }

  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /** A 32-bit whole number, as gRPC wants it. */
  Optional<Double> wholeNumber(String name) {
    return first(name)
        .map(String::strip)
        .filter(text -> WHOLE.matcher(text).matches())
        .map(Double::parseDouble)
        .filter(value -> value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE);
  }

  /** The longest wait of all the values that can be read. */
  Optional<Found> longest(String name, Function<String, Optional<Duration>> read) {
    List<Found> found = new ArrayList<>();
    for (String value : all(name)) {
      read.apply(value).ifPresent(wait -> found.add(new Found(wait, name, value.strip())));
    }
    return Found.longest(found);
  }

  /** From the answer to a date of HTTP or RFC 3339, by the server's own clock. */
  Optional<Duration> untilDate(String text) {
    return Moments.httpDate(text, arrived).or(() -> Moments.rfc3339(text)).map(this::until);
  }

  Duration until(Instant moment) {
    return Duration.between(origin, moment);
  }
}
