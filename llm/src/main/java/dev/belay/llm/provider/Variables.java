package dev.belay.llm.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values in the places of {@code ${NAME}} and {@code ${NAME:-default}}. */
final class Variables {
  private static final Pattern PLACE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}");

  private Variables() {}

  static String expand(String text, Function<String, Optional<String>> environment, String where) {
    return PLACE
        .matcher(text)
        .replaceAll(place ->
            Matcher.quoteReplacement(value(place.group(1), place.group(2), environment, where)));
  }

  static Map<String, String> expand(
      Map<String, String> texts, Function<String, Optional<String>> environment, String where) {
    Map<String, String> all = new LinkedHashMap<>();
    texts.forEach((name, text) -> all.put(name, expand(text, environment, where)));
    return all;
  }

  private static String value(
      String name,
      @org.jspecify.annotations.Nullable String otherwise,
      Function<String, Optional<String>> environment,
      String where) {
    Optional<String> value = environment.apply(name);
    if (value.isEmpty() && otherwise == null) {
      throw new MissingVariable(
          "${%s} of %s has no value; set the environment variable %s".formatted(name, where, name));
    }
    return value.orElseGet(() -> otherwise == null ? "" : otherwise);
  }
}
