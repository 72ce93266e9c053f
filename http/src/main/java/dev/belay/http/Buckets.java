package dev.belay.http;

import dev.belay.http.RateBucket.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the allowances that an answer's headers name. */
final class Buckets {
  private static final List<String> OPENAI =
      List.of("requests", "tokens", "input-tokens", "output-tokens", "project-tokens");
  private static final List<String> ANTHROPIC =
      List.of(
          "ratelimit-requests",
          "ratelimit-tokens",
          "ratelimit-input-tokens",
          "ratelimit-output-tokens",
          "priority-input-tokens",
          "priority-output-tokens");

  /** Prefixes under which gateways name their only allowance. */
  private static final List<String> PLAIN =
      List.of("ratelimit-", "x-ratelimit-", "x-rate-limit-", "rate-limit-");

  private Buckets() {}

  static List<RateBucket> read(RateHeaders headers) {
    List<RateBucket> all = new ArrayList<>();
    for (String name : ANTHROPIC) {
      String prefix = "anthropic-" + name + "-";
      add(
          all,
          name.substring(name.indexOf('-') + 1),
          headers,
          new Names(prefix + "limit", prefix + "remaining", prefix + "reset"));
    }
    for (String name : OPENAI) {
      add(
          all,
          name,
          headers,
          new Names(
              "x-ratelimit-limit-" + name,
              "x-ratelimit-remaining-" + name,
              "x-ratelimit-reset-" + name));
    }
    for (String prefix : PLAIN) {
      Names names = new Names(prefix + "limit", prefix + "remaining", prefix + "reset");
      add(all, "requests", headers, names);
    }
    structured(all, headers);
    return all;
  }

  /** Whether it came by a header that names no kind of allowance, often without what remains. */
  static boolean isPlain(RateBucket bucket) {
    String name = bucket.raw().name();
    return PLAIN.stream().anyMatch(prefix -> name.equals(prefix + "reset"))
        || name.equals("RateLimit");
  }

  private record Names(String limit, String remaining, String reset) {}

  private static void add(List<RateBucket> to, String name, RateHeaders headers, Names names) {
    Optional<String> limits = headers.first(names.limit);
    OptionalLong limit = count(limits);
    OptionalLong remaining = count(headers.first(names.remaining));
    Optional<Reset> reset =
        headers.all(names.reset).stream()
            .flatMap(text -> reset(text, headers, isNamed(names.reset)).stream())
            .reduce((a, b) -> b.after.compareTo(a.after) > 0 ? b : a);
    if (limit.isEmpty() && remaining.isEmpty() && reset.isEmpty()) {
      return;
    }
    Source source =
        reset.isPresent()
            ? new Source(names.reset, reset.get().raw)
            : new Source(names.remaining, headers.first(names.remaining).orElse(""));
    to.add(
        new RateBucket(
            name,
            limit,
            remaining,
            reset.map(Reset::after),
            limits.map(Buckets::window).orElse(Duration.ZERO),
            reset.isPresent() && reset.get().refill,
            source));
  }

  private static boolean isNamed(String header) {
    return !header.endsWith("limit-reset");
  }

  private record Reset(Duration after, boolean refill, String raw) {}

  /**
   * A reset: a date, the epoch, seconds, or a length with units.
   *
   * @param named whether the header names its kind of allowance; for these some servers write -1
   *     and 0 where they know nothing
   */
  private static Optional<Reset> reset(String text, RateHeaders headers, boolean named) {
    Optional<Double> number = firstItem(text).flatMap(WaitText::number);
    if (number.isPresent()) {
      double value = number.get();
      if (value <= 0 && named) {
        return Optional.empty();
      }
      Duration after =
          Moments.epoch(value).map(headers::until).orElseGet(() -> WaitText.seconds(value));
      return Optional.of(new Reset(RateHints.bounded(after), false, text.strip()));
    }
    Optional<Duration> units = WaitText.units(text);
    if (units.isPresent()) {
      return units
          .filter(length -> length.isPositive())
          .map(length -> new Reset(RateHints.bounded(length), true, text.strip()));
    }
    return headers
        .untilDate(text)
        .map(after -> new Reset(RateHints.bounded(after), false, text.strip()));
  }

  /** The first of {@code 1000, 1000;w=1, 60000;w=60}; a comma without a blank may be a decimal. */
  private static Optional<String> firstItem(String text) {
    if (text.length() > 400) {
      return Optional.empty();
    }
    int comma = text.indexOf(',');
    if (comma >= 0 && comma + 1 < text.length() && text.charAt(comma + 1) != ' ') {
      return Optional.empty();
    }
    String item = comma < 0 ? text : text.substring(0, comma);
    int semicolon = item.indexOf(';');
    return Optional.of(semicolon < 0 ? item : item.substring(0, semicolon));
  }

  private static OptionalLong count(Optional<String> text) {
    Optional<Double> value =
        text.flatMap(Buckets::firstItem).flatMap(WaitText::number).filter(number -> number >= 0);
    return value.isPresent() ? OptionalLong.of(value.get().longValue()) : OptionalLong.empty();
  }

  /** The shortest window that a list of limits names; zero if none. */
  private static Duration window(String limits) {
    Duration least = Duration.ZERO;
    for (StructuredItem item : StructuredItem.list(limits)) {
      Duration window =
          item.number("w").map(WaitText::seconds).map(RateHints::bounded).orElse(Duration.ZERO);
      least =
          least.isZero() || (window.isPositive() && window.compareTo(least) < 0) ? window : least;
    }
    return least;
  }

  /** {@code RateLimit: "name";r=50;t=30} with its policies, and the older {@code limit=…} form. */
  private static void structured(List<RateBucket> to, RateHeaders headers) {
    Map<String, StructuredItem> policies = new LinkedHashMap<>();
    for (String value : headers.all("RateLimit-Policy")) {
      StructuredItem.list(value).forEach(item -> policies.put(item.name(), item));
    }
    for (String value : headers.all("RateLimit")) {
      StructuredItem.dictionary(value)
          .ifPresentOrElse(
              item -> to.add(bucket(item, item, new Keys("limit", "remaining", "reset"), value)),
              () -> {
                for (StructuredItem item : StructuredItem.list(value)) {
                  StructuredItem policy = policies.getOrDefault(item.name(), item);
                  if (item.number("r").isPresent() || item.number("t").isPresent()) {
                    to.add(bucket(item, policy, new Keys("q", "r", "t"), value));
                  }
                }
              });
    }
  }

  private record Keys(String limit, String remaining, String reset) {}

  private static RateBucket bucket(
      StructuredItem item, StructuredItem policy, Keys keys, String raw) {
    return new RateBucket(
        item.name().isEmpty() ? "requests" : item.name(),
        whole(policy.number(keys.limit)),
        whole(item.number(keys.remaining)),
        item.number(keys.reset).map(WaitText::seconds).map(RateHints::bounded),
        policy.number("w").map(WaitText::seconds).map(RateHints::bounded).orElse(Duration.ZERO),
        false,
        new Source("RateLimit", raw.strip()));
  }

  private static OptionalLong whole(Optional<Double> number) {
    Optional<Double> positive = number.filter(value -> value >= 0);
    return positive.isPresent()
        ? OptionalLong.of(positive.get().longValue())
        : OptionalLong.empty();
  }
}
