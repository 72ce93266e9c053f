package dev.belay.testkit.chaos;

import dev.belay.testkit.ReceivedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/**
 * A rule as data planes hold it.
 *
 * @param rule the rule as it was sent
 * @param limits which limits hold
 * @param bornMillis since when it is there, as far as the data plane knows
 */
record PublishedRule(JsonNode rule, Set<Limit> limits, long bornMillis) {
  private static final long SECOND = 1_000;

  /** Those that can be matched besides whatever begins with {@code x-} and is known. */
  private static final Set<String> KNOWN =
      Set.of(
          "host",
          "user-agent",
          "accept",
          "accept-encoding",
          "accept-language",
          "authorization",
          "cache-control",
          "connection",
          "content-length",
          "content-type",
          "date",
          "origin",
          "referer",
          "x-user-id",
          "x-request-id",
          "x-forwarded-for",
          "x-b3-traceid",
          "x-test");

  static List<PublishedRule> of(JsonNode policy, String service, Set<Limit> limits, long now) {
    String wanted = policy.at("/spec/selector/service").asString("");
    List<PublishedRule> rules = new ArrayList<>();
    if (wanted.isEmpty() || wanted.equals("*") || wanted.equals(service)) {
      policy.at("/spec/rules").forEach(rule -> rules.add(new PublishedRule(rule, limits, now)));
    }
    return rules;
  }

  /** The same, as old as one that was there before. */
  PublishedRule asOldAs(List<PublishedRule> before) {
    return before.stream()
        .filter(one -> one.rule().equals(rule))
        .findFirst()
        .map(one -> new PublishedRule(rule, limits, one.bornMillis()))
        .orElse(this);
  }

  int percentage() {
    return rule.at("/fault/percentage").asInt(0);
  }

  long delayMillis() {
    return rule.at("/fault/delay/fixed_delay_ms").asLong(0);
  }

  int status() {
    return rule.at("/fault/abort/httpStatus").asInt(503);
  }

  boolean isOver(long now) {
    long seconds = rule.at("/fault/duration_seconds").asLong(0);
    return seconds > 0 && now - bornMillis >= seconds * SECOND;
  }

  boolean fits(ReceivedRequest request) {
    JsonNode match = rule.path("match");
    if (!fits(match.path("method"), request.method())
        || !fits(match.path("path"), request.target())) {
      return false;
    }
    for (JsonNode header : match.path("headers")) {
      Optional<String> value = header(request, header.path("name").asString(""));
      if (value.isEmpty() || !fits(header, value.get())) {
        return false;
      }
    }
    return true;
  }

  private Optional<String> header(ReceivedRequest request, String name) {
    boolean known =
        !limits.contains(Limit.FEW_HEADERS) || KNOWN.contains(name.toLowerCase(Locale.ROOT));
    return known ? request.header(name) : Optional.empty();
  }

  private boolean fits(JsonNode matcher, String text) {
    if (matcher.has("exact")) {
      return text.equals(matcher.path("exact").asString());
    }
    if (matcher.has("prefix")) {
      return text.startsWith(matcher.path("prefix").asString());
    }
    if (matcher.has("regex")) {
      try {
        return Pattern.compile(matcher.path("regex").asString()).matcher(text).find();
      } catch (PatternSyntaxException none) {
        return limits.contains(Limit.BAD_REGEX_FITS_ALL);
      }
    }
    return true;
  }
}
