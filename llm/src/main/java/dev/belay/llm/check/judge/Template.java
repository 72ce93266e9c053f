package dev.belay.llm.check.judge;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A text with places to fill in: {@code {{NAME}}}, in capitals. Other braces are just braces, so
 * JSON needs no care. Known names may also stand in single braces. What is put in is not looked at
 * again. Immutable.
 */
final class Template {
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{ *([A-Z][A-Z0-9_]*) *\\}\\}|\\{([A-Z][A-Z0-9_]*)\\}");

  private final String text;
  private final Set<String> names;

  private Template(String text, Set<String> names) {
    this.text = text;
    this.names = names;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it has a place whose name is not known
   */
  static Template of(String text, Set<String> known) {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      if (known.contains(name)) {
        names.add(name);
      } else if (matcher.group(1) != null) {
        throw new IllegalArgumentException(
            "a prompt must use no {{%s}}; known are %s".formatted(name, new TreeSet<>(known)));
      }
    }
    return new Template(text, names);
  }

  /** The names that it uses, in the order of their first place. */
  Set<String> names() {
    return names;
  }

  String filled(Map<String, String> values) {
    StringBuilder filled = new StringBuilder();
    Matcher matcher = PLACE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      if (names.contains(name)) {
        filled.append(text, from, matcher.start()).append(values.getOrDefault(name, ""));
        from = matcher.end();
      }
    }
    return filled.append(text, from, text.length()).toString();
  }
}
