package dev.belay.llm.delay;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A part of a file with its path and line. Each way to read it gives the value, or nothing and a
 * problem.
 */
record YamlPart(YamlFile file, String path, Node node) {
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)?");
  private static final Map<String, Double> SECONDS =
      Map.of("ms", 0.001, "s", 1.0, "m", 60.0, "h", 3600.0, "d", 86_400.0);

  int line() {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  void wrong(String message) {
    file.wrong(line(), path, message);
  }

  /** The keys and values of a mapping; none if nothing is written there. */
  Optional<YamlFields> fields() {
    if (node instanceof MappingNode mapping) {
      return Optional.of(new YamlFields(this, mapping));
    }
    if (!isNothing()) {
      wrong("must be a mapping of keys, was " + shown());
    }
    return Optional.empty();
  }

  private boolean isNothing() {
    return node.getTag().equals(Tag.NULL);
  }

  Optional<String> text() {
    return read("a text", text -> Optional.of(text).filter(some -> !some.isBlank()));
  }

  Optional<Double> number() {
    return read(
        "a number",
        text -> {
          try {
            return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
          } catch (NumberFormatException notANumber) {
            return Optional.empty();
          }
        });
  }

  Optional<Integer> whole() {
    return count()
        .filter(count -> {
          boolean fits = count == count.intValue();
          if (!fits) {
            wrong("must be less than 2147483648, was " + count);
          }
          return fits;
        })
        .map(Long::intValue);
  }

  Optional<Long> count() {
    return read(
        "a whole number, 0 or more",
        text ->
            text.replace("_", "").matches("\\d{1,18}")
                ? Optional.of(Long.parseLong(text.replace("_", "")))
                : Optional.empty());
  }

  Optional<Boolean> yesNo() {
    return read(
        "true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  /** {@code 250ms}, {@code 1.5s}, {@code 2m}, {@code 1h}, {@code 3d}, or {@code P3D}. */
  Optional<Duration> length() {
    return read("a length of time such as 250ms, 1.5s, 2m, 1h, 3d or P3D", YamlPart::length);
  }

  static Optional<Duration> length(String text) {
    Matcher matcher = LENGTH.matcher(text);
    if (matcher.matches()) {
      String unit = matcher.group(2);
      double factor = unit == null ? 1 : SECONDS.getOrDefault(unit, 1.0);
      return Optional.of(
          Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * factor * 1e9)));
    }
    try {
      return text.startsWith("P") ? Optional.of(Duration.parse(text)) : Optional.empty();
    } catch (DateTimeException notOfThisForm) {
      return Optional.empty();
    }
  }

  Optional<Instant> instant() {
    return read(
        "a point in time such as 2026-01-31T08:00:00Z",
        text -> {
          try {
            return Optional.of(Instant.parse(text));
          } catch (DateTimeException notOfThisForm) {
            return Optional.empty();
          }
        });
  }

  /** One of an enum's names, written small. */
  <E extends Enum<E>> Optional<E> oneOf(E[] values) {
    List<String> names =
        Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
    return read(
        "one of " + String.join(", ", names),
        text -> {
          int at = names.indexOf(text);
          return at < 0 ? Optional.empty() : Optional.of(values[at]);
        });
  }

  /** The items of a list; a lone value is a list of one. */
  <T> Optional<List<T>> list(Function<YamlPart, Optional<T>> read) {
    List<T> items = new ArrayList<>();
    for (YamlPart part : parts()) {
      read.apply(part).ifPresent(items::add);
    }
    return Optional.of(items);
  }

  private List<YamlPart> parts() {
    List<YamlPart> parts = new ArrayList<>();
    if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        parts.add(new YamlPart(file, "%s[%d]".formatted(path, parts.size()), item));
      }
    } else if (!isNothing()) {
      parts.add(this);
    }
    return parts;
  }

  private <T> Optional<T> read(String wanted, Function<String, Optional<T>> read) {
    Optional<T> value =
        node instanceof ScalarNode scalar && !isNothing()
            ? read.apply(scalar.getValue())
            : Optional.empty();
    if (value.isEmpty()) {
      wrong("must be %s, was %s".formatted(wanted, shown()));
    }
    return value;
  }

  private String shown() {
    if (isNothing()) {
      return "nothing";
    }
    if (node instanceof ScalarNode scalar) {
      String text = scalar.getValue();
      return "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
    }
    return node instanceof MappingNode ? "a mapping" : "a list";
  }
}
