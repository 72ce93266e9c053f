package dev.belay.llm.provider;

import java.util.Map;

/** The HTTP statuses for which the providers' words stand, where none came along. */
final class ErrorNames {
  private static final Map<String, Integer> STATUSES =
      Map.ofEntries(
          Map.entry("invalid_request_error", 400),
          Map.entry("invalid_prompt", 400),
          Map.entry("context_length_exceeded", 400),
          Map.entry("content_filter", 400),
          Map.entry("INVALID_ARGUMENT", 400),
          Map.entry("FAILED_PRECONDITION", 400),
          Map.entry("authentication_error", 401),
          Map.entry("invalid_api_key", 401),
          Map.entry("UNAUTHENTICATED", 401),
          Map.entry("billing_error", 402),
          Map.entry("permission_error", 403),
          Map.entry("PERMISSION_DENIED", 403),
          Map.entry("not_found_error", 404),
          Map.entry("model_not_found", 404),
          Map.entry("NOT_FOUND", 404),
          Map.entry("request_too_large", 413),
          Map.entry("rate_limit_error", 429),
          Map.entry("rate_limit_exceeded", 429),
          Map.entry("insufficient_quota", 429),
          Map.entry("tokens", 429),
          Map.entry("requests", 429),
          Map.entry("RESOURCE_EXHAUSTED", 429),
          Map.entry("CANCELLED", 499),
          Map.entry("api_error", 500),
          Map.entry("server_error", 500),
          Map.entry("INTERNAL", 500),
          Map.entry("UNKNOWN", 500),
          Map.entry("server_is_overloaded", 503),
          Map.entry("service_unavailable_error", 503),
          Map.entry("overloaded", 503),
          Map.entry("UNAVAILABLE", 503),
          Map.entry("timeout_error", 504),
          Map.entry("DEADLINE_EXCEEDED", 504),
          Map.entry("overloaded_error", 529));

  private ErrorNames() {}

  /** The status that came if it is an error's; else the one that code or type stand for; else 0. */
  static int status(int came, String code, String type) {
    if (came >= 400) {
      return came;
    }
    if (code.matches("[45]\\d\\d")) {
      return Integer.parseInt(code);
    }
    return STATUSES.getOrDefault(code, STATUSES.getOrDefault(type, 0));
  }
}
