package dev.belay.testkit.llm;

import dev.belay.testkit.ReceivedRequest;
import java.util.Locale;
import java.util.Optional;

/** Where API keys stand. */
final class ApiKeys {
  private static final String BEARER = "bearer ";

  private ApiKeys() {}

  static String of(ReceivedRequest http) {
    return http.header("x-api-key")
        .or(() -> http.header("api-key"))
        .or(() -> http.header("x-goog-api-key"))
        .or(() -> http.header("Authorization").map(ApiKeys::bearer))
        .or(() -> parameter(http.target()))
        .orElse("");
  }

  private static String bearer(String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? value.substring(BEARER.length()).strip()
        : "";
  }

  private static Optional<String> parameter(String target) {
    int query = target.indexOf('?');
    if (query < 0) {
      return Optional.empty();
    }
    for (String parameter : target.substring(query + 1).split("&", -1)) {
      if (parameter.startsWith("key=")) {
        return Optional.of(parameter.substring("key=".length()));
      }
    }
    return Optional.empty();
  }
}
