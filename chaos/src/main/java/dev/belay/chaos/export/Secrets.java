package dev.belay.chaos.export;

import dev.belay.chaos.http.HttpAsk;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Headers whose values are not written down: they are read from the environment instead. */
final class Secrets {
  private static final Pattern NAME =
      Pattern.compile(
          ".*(auth|token|key|secret|cookie|pass|session|credential|signature|jwt|csrf|xsrf).*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern VALUE =
      Pattern.compile("(bearer|basic|digest|token|negotiate) .*", Pattern.CASE_INSENSITIVE);

  /** By name in lower case and value: where two values have one name, there are two variables. */
  private final Map<Map.Entry<String, String>, String> variables = new LinkedHashMap<>();

  private final Map<String, String> headers = new LinkedHashMap<>();

  private Secrets() {}

  /** Those of all that is asked. */
  static Secrets of(Reproducer what) {
    Secrets secrets = new Secrets();
    Stream.concat(Stream.of(what.ask()), what.laws().stream().map(Reproducer.Law::ask))
        .map(HttpAsk::headers)
        .flatMap(headers -> headers.entrySet().stream().sorted(Map.Entry.comparingByKey()))
        .forEach(header -> secrets.add(header.getKey(), header.getValue()));
    return secrets;
  }

  private void add(String name, String value) {
    boolean secret =
        !value.isEmpty() && (NAME.matcher(name).matches() || VALUE.matcher(value).matches());
    if (!secret || variables.containsKey(key(name, value))) {
      return;
    }
    String plain = "ASK_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    String variable = plain;
    for (int i = 2; headers.containsKey(variable); i++) {
      variable = plain + "_" + i;
    }
    headers.put(variable, name);
    variables.put(key(name, value), variable);
  }

  private static Map.Entry<String, String> key(String name, String value) {
    return Map.entry(name.toLowerCase(Locale.ROOT), value);
  }

  /** Where the value of a header is to be found; nothing if it may be written down. */
  Optional<String> variable(String name, String value) {
    return Optional.ofNullable(variables.get(key(name, value)));
  }

  /** The variables, each with the name of its header. */
  Map<String, String> all() {
    return headers;
  }
}
