package dev.belay.server.api;

import dev.belay.server.api.ApiProblem.Fault;
import dev.belay.settings.Nearest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads an object that a client sent. Whoever reads it asks for each key it knows and then calls
 * {@link #close}, which complains about whatever was wrong and about all other keys. In a patch,
 * null stands for "back to the default" and is {@link #isCleared}. For one thread.
 */
final class Fields {
  private static final int MOST_FAULTS = 20;

  private final JsonNode object;
  private final boolean patch;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Fault> faults = new ArrayList<>();

  Fields(JsonNode object, boolean patch) {
    this.object = object;
    this.patch = patch;
  }

  /** Whether a patch says that the key is to go back to its default. */
  boolean isCleared(String key) {
    JsonNode node = object.get(key);
    return patch && node != null && node.isNull();
  }

  /** The value of a key that is known here. */
  private @Nullable JsonNode node(String key) {
    known.add(key);
    JsonNode node = object.get(key);
    return node == null || isCleared(key) ? null : node;
  }

  private <T> Optional<T> read(String key, String range, Function<JsonNode, Optional<T>> read) {
    JsonNode node = node(key);
    if (node == null) {
      return Optional.empty();
    }
    Optional<T> value = read.apply(node);
    if (value.isEmpty()) {
      fault(new Fault(key, Shown.value(node), range));
    }
    return value;
  }

  Optional<Integer> whole(String key, int low, int high) {
    return read(
        key, "a whole number, %d to %d".formatted(low, high), node -> whole(node, low, high));
  }

  private static Optional<Integer> whole(JsonNode node, int low, int high) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    return value == Math.rint(value) && value >= low && value <= high
        ? Optional.of((int) value)
        : Optional.empty();
  }

  /**
   * A number of a range.
   *
   * @param range the same in words
   */
  Optional<Double> number(String key, double low, double high, String range) {
    return read(key, "a number, " + range, node -> number(node, low, high));
  }

  /** A number of a range, or NaN for null. */
  Optional<Double> numberOrNull(String key, double low, double high, String range) {
    return read(
        key,
        "a number, %s, or null".formatted(range),
        node -> node.isNull() ? Optional.of(Double.NaN) : number(node, low, high));
  }

  private static Optional<Double> number(JsonNode node, double low, double high) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    return value >= low && value <= high ? Optional.of(value) : Optional.empty();
  }

  /** A moment as RFC 3339 writes it. */
  Optional<Instant> moment(String key) {
    return read(
        key, "a moment such as 2030-12-31T00:00:00Z", node -> text(node).flatMap(Fields::momentOf));
  }

  private static Optional<Instant> momentOf(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException notOne) {
      return Optional.empty();
    }
  }

  Optional<Boolean> yesNo(String key) {
    return read(
        key,
        "true or false",
        node -> node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty());
  }

  Optional<String> oneOf(String key, List<String> names) {
    return read(
        key, "one of " + String.join(", ", names), node -> text(node).filter(names::contains));
  }

  /** A text that fits a pattern; {@code range} says what that is. */
  Optional<String> text(String key, Pattern pattern, String range) {
    return read(key, range, node -> text(node).filter(text -> pattern.matcher(text).matches()));
  }

  /** A text of bounded length that is not blank, and must be there. */
  Optional<String> words(String key, int longest) {
    String range = "a text of 1 to %d characters that is not blank".formatted(longest);
    if (!object.has(key)) {
      known.add(key);
      missing(key, range);
      return Optional.empty();
    }
    return read(
        key, range, node -> text(node).filter(text -> !text.isBlank() && text.length() <= longest));
  }

  /** A text or an object as it is, which must be there. */
  Optional<JsonNode> textOrObject(String key, String range) {
    if (!object.has(key)) {
      known.add(key);
      missing(key, range);
      return Optional.empty();
    }
    return read(
        key,
        range,
        node -> node.isString() || node.isObject() ? Optional.of(node) : Optional.empty());
  }

  /** A text that no error shows. */
  Optional<String> secret(String key) {
    JsonNode node = node(key);
    if (node != null && !node.isString()) {
      hidden(key, "a text");
    }
    return node == null ? Optional.empty() : text(node);
  }

  /** Complains about a value that must not be shown. */
  void hidden(String key, String range) {
    fault(new Fault(key, "(hidden)", range));
  }

  /** Complains about a key that is not there. */
  void missing(String key, String range) {
    fault(new Fault(key, null, range));
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  /** A list of texts that each fit a pattern. */
  Optional<List<String>> texts(String key, Pattern pattern, String range) {
    return list(key, range, node -> text(node).filter(text -> pattern.matcher(text).matches()));
  }

  /** A list, each item of which must be right. */
  <T> Optional<List<T>> list(String key, String range, Function<JsonNode, Optional<T>> read) {
    Optional<List<JsonNode>> items = items(key, "a list, each of it " + range);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < items.get().size(); i++) {
      JsonNode item = items.get().get(i);
      Optional<T> value = read.apply(item);
      if (value.isEmpty()) {
        fault(new Fault("%s[%d]".formatted(key, i), Shown.value(item), range));
      }
      value.ifPresent(values::add);
    }
    return Optional.of(values);
  }

  /** An object as it is. */
  Optional<JsonNode> object(String key) {
    return read(key, "an object", node -> node.isObject() ? Optional.of(node) : Optional.empty());
  }

  /** A list as it is. */
  Optional<List<JsonNode>> items(String key, String range) {
    return read(
        key,
        range,
        node -> node.isArray() ? Optional.of(List.copyOf(node.values())) : Optional.empty());
  }

  /** Takes note of a key that may be there and is not read. */
  void ignore(String key) {
    known.add(key);
  }

  private void fault(Fault fault) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(fault);
    }
  }

  /** All that is wrong, keys that nobody asked for included. */
  List<Fault> faults() {
    List<Fault> all = new ArrayList<>(faults);
    for (String key : object.propertyNames()) {
      if (!known.contains(key) && all.size() < MOST_FAULTS) {
        all.add(unknown(key, known));
      }
    }
    return all;
  }

  /** A key or parameter that means nothing here. */
  static Fault unknown(String key, Set<String> known) {
    String meant =
        Nearest.to(key, known).map(name -> "%s (did you mean that?), ".formatted(name)).orElse("");
    return new Fault(
        Shown.text(key),
        "(unknown)",
        known.isEmpty()
            ? "left out: nothing is known here"
            : "%sone of the known ones: %s".formatted(meant, String.join(", ", known)));
  }

  /** Throws if anything was wrong. */
  void close() {
    List<Fault> all = faults();
    if (!all.isEmpty()) {
      throw ApiProblem.invalid(all);
    }
  }
}
