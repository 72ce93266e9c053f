package dev.belay.flow.backend;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Tells from an answer of HTTP how an attempt has failed. */
final class HttpFailures {
  /** The first status that is no success. */
  static final int FIRST_ERROR = 300;

  private static final int FIRST_OF_CLIENT = 400;
  private static final int FIRST_OF_SERVER = 500;

  /** Who is to wait for longer has used up an allowance; for less, there is a crowd. */
  private static final Duration CROWD = Duration.ofSeconds(60);

  private static final Duration LONGEST = Duration.ofDays(366);

  private final String name;
  private final Words words;

  HttpFailures(String name, Words words) {
    this.name = name;
    this.words = words;
  }

  static OutcomeClass outcome(int status) {
    return switch (status) {
      case 401, 402, 403, 407 -> OutcomeClass.AUTH;
      case 408 -> OutcomeClass.TRANSIENT;
      case 429, 503, 529 -> OutcomeClass.OVERLOADED;
      default ->
          status >= FIRST_OF_SERVER
              ? OutcomeClass.TRANSIENT
              : status >= FIRST_OF_CLIENT ? OutcomeClass.INVALID_INPUT : OutcomeClass.CONFIG;
    };
  }

  AgentException of(int status, Optional<String> retryAfter, String body, Instant now) {
    JsonNode error =
        Json.object(body)
            .map(object -> object.path("error"))
            .orElse(JsonNodeFactory.instance.missingNode());
    Optional<UsageLimit> limit =
        status == 429 ? limit(error, retryAfter, body, now) : Optional.empty();
    boolean used = limit.isPresent() || (status == 429 && isQuota(error, body));
    String message = Json.text(error, "message");
    String said = words.start(message.isEmpty() ? body : message);
    return new AgentException(
        used ? OutcomeClass.RATE_LIMITED : outcome(status),
        "%s answered with status %d%s".formatted(name, status, said.isEmpty() ? "" : ": " + said),
        limit,
        Spend.NONE);
  }

  private static Optional<UsageLimit> limit(
      JsonNode error, Optional<String> retryAfter, String body, Instant now) {
    String kind = Json.text(error, "type");
    Optional<Instant> until = retryAfter.flatMap(value -> until(value, now));
    return UsageLimits.inError(error, now)
        .or(() ->
            until
                .filter(at -> isQuota(error, body) || at.isAfter(now.plus(CROWD)))
                .map(at -> new UsageLimit(at, UsageLimit.Source.EVENT, kind)))
        .or(() -> UsageLimits.inText(body, now));
  }

  private static boolean isQuota(JsonNode error, String body) {
    String kind = Json.text(error, "type") + " " + Json.text(error, "code");
    return kind.contains("quota")
        || kind.contains("billing")
        || kind.contains("usage_limit")
        || UsageLimits.isMeant(body);
  }

  /** Seconds, or a date. */
  private static Optional<Instant> until(String value, Instant now) {
    try {
      Instant until =
          value.strip().chars().allMatch(digit -> digit >= '0' && digit <= '9')
              ? now.plusSeconds(Math.min(Long.parseLong(value.strip()), LONGEST.toSeconds()))
              : ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                  .toInstant();
      return Optional.of(until);
    } catch (DateTimeException | NumberFormatException neither) {
      return Optional.empty();
    }
  }
}
