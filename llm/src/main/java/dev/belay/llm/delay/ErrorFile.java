package dev.belay.llm.delay;

import dev.belay.Check;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads a file of error rows. */
final class ErrorFile {
  private static final String BUILT_IN = "errors.json";
  private static final Set<String> KEYS =
      Set.of("provider", "status", "code", "quota", "text", "kind", "remedy", "pause");

  private ErrorFile() {}

  static ErrorTable builtIn() {
    try (InputStream file = ErrorFile.class.getResourceAsStream(BUILT_IN)) {
      if (file == null) {
        throw new IllegalStateException(BUILT_IN + " is missing beside " + ErrorFile.class);
      }
      return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(BUILT_IN + " cannot be read", unreadable);
    }
  }

  static ErrorTable parse(String json) {
    Json.Obj root = object(Json.parse(json), "file");
    List<ErrorRow> rows = new ArrayList<>();
    if (root.get("rows").orElse(new Json.Null()) instanceof Json.Arr all) {
      for (Json row : all.items()) {
        String name = "rows[" + rows.size() + "]";
        rows.add(row(object(row, name), name));
      }
    }
    return ErrorTable.of(text(root, "version"), rows);
  }

  private static ErrorRow row(Json.Obj row, String name) {
    for (String key : row.members().keySet()) {
      Check.that(KEYS.contains(key), "%s.%s is not known; known are %s", name, key, KEYS);
    }
    ErrorRow.Match match =
        new ErrorRow.Match(
            texts(row, "provider"),
            texts(row, "status").stream().map(text -> statuses(text, name)).toList(),
            texts(row, "code"),
            texts(row, "quota"),
            texts(row, "text"));
    String pause = text(row, "pause");
    return new ErrorRow(
        match,
        kind(text(row, "kind"), name),
        text(row, "remedy"),
        pause.isEmpty() ? Duration.ZERO : Duration.parse(pause));
  }

  /** {@code 429} or {@code 500-599}. */
  static ErrorRow.Statuses statuses(String text, String name) {
    Check.that(
        text.matches("\\d{1,3}(-\\d{1,3})?"),
        "%s.status must be a status such as 429 or 500-599, was '%s'",
        name,
        text);
    int dash = text.indexOf('-');
    return dash < 0
        ? ErrorRow.Statuses.of(Integer.parseInt(text))
        : new ErrorRow.Statuses(
            Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
  }

  private static ErrorKind kind(String word, String name) {
    for (ErrorKind kind : ErrorKind.values()) {
      if (kind.name().equals(word.toUpperCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "%s.kind must be one of %s, was '%s'".formatted(name, List.of(ErrorKind.values()), word));
  }

  private static Json.Obj object(Json json, String name) {
    if (json instanceof Json.Obj object) {
      return object;
    }
    throw new IllegalArgumentException(name + " must be an object, was " + json);
  }

  private static String text(Json.Obj from, String key) {
    return from.get(key).map(ErrorFile::text).orElse("");
  }

  private static String text(Json json) {
    return json instanceof Json.Str string ? string.value() : json.toString();
  }

  /** One or several. */
  private static List<String> texts(Json.Obj from, String key) {
    return from.get(key)
        .map(value ->
            value instanceof Json.Arr several
                ? several.items().stream().map(ErrorFile::text).toList()
                : List.of(text(value)))
        .orElse(List.of());
  }
}
