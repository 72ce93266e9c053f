package dev.belay.llm.provider;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds an error in whatever form a provider, or a gateway in front of it, wraps it. */
final class ErrorBody {
  private static final List<String> REQUEST_IDS =
      List.of(
          "x-request-id", "request-id", "apim-request-id", "x-ms-request-id", "x-goog-request-id");

  private ErrorBody() {}

  /** The error that an answer with an error's status is. */
  static WireError of(WireResponse response) {
    Optional<Json> json = json(response.body());
    return json.flatMap(body -> in(body, response.status(), response.headers()))
        .orElseGet(() ->
            new WireError(
                response.status(),
                "",
                "",
                response.body().isBlank() ? "no body" : "body was " + Excerpt.of(response.body()),
                requestId(response.headers(), Json.EMPTY),
                response.headers(),
                WireError.Quota.NONE));
  }

  /** The error that a body holds, if it does. */
  static Optional<WireError> in(Json body, int status, Headers headers) {
    if (body instanceof Json.Arr array && !array.items().isEmpty()) {
      return in(array.items().getFirst(), status, headers);
    }
    Optional<Json> error = Look.at(body, "error");
    if (error.isPresent()) {
      return error.get() instanceof Json.Bool bool && !bool.value()
          ? Optional.empty()
          : Optional.of(of(error.get(), body, status, headers));
    }
    return status >= 400 ? Optional.of(of(body, body, status, headers)) : Optional.empty();
  }

  /**
   * An error of which the very object is known.
   *
   * @param error the object, or the text, that says what happened
   * @param around in which it stands
   */
  static WireError of(Json error, Json around, int status, Headers headers) {
    String code = Look.text(error, "code");
    String type =
        first(
            Look.text(error, "type"), Look.text(error, "status"), Look.text(around, "error_type"));
    String message =
        error instanceof Json.Str text
            ? text.value()
            : first(Look.text(error, "message"), Look.text(error, "detail"));
    return new WireError(
        ErrorNames.status(status, code, type),
        type,
        code,
        message.isEmpty() ? "body was " + Excerpt.of(around.toString()) : message,
        requestId(headers, around),
        headers,
        quota(error));
  }

  /** What Google puts into the details. */
  private static WireError.Quota quota(Json error) {
    String delay = "";
    String reason = "";
    List<String> quotas = new ArrayList<>();
    for (Json detail : Look.items(error, "details")) {
      delay = first(delay, Look.text(detail, "retryDelay"));
      reason = first(reason, Look.text(detail, "reason"));
      for (Json violation : Look.items(detail, "violations")) {
        quotas.add(first(Look.text(violation, "quotaId"), Look.text(violation, "quotaMetric")));
      }
      quotas.add(first(Look.text(detail, "metadata", "quota_limit"), ""));
    }
    quotas.removeIf(String::isEmpty);
    return new WireError.Quota(delay, String.join(",", quotas), reason);
  }

  private static String requestId(Headers headers, Json body) {
    String found = Look.text(body, "request_id");
    for (String name : REQUEST_IDS) {
      found = first(found, headers.first(name).orElse(""));
    }
    return found;
  }

  private static String first(String... texts) {
    for (String text : texts) {
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  static Optional<Json> json(String text) {
    try {
      return Optional.of(Json.parse(text));
    } catch (JsonException notJson) {
      return Optional.empty();
    }
  }
}
