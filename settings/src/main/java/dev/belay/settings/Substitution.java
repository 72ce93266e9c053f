package dev.belay.settings;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces variables of the environment: <code>${NAME}</code>, or <code>${NAME:-other}</code>,
 * where {@code other} also stands in for an empty variable; <code>$${</code> is a plain <code>${
 * </code>. What is put in is not looked at again.
 */
final class Substitution {
  private static final int LONGEST = 64 * 1024;

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]{0,127})(?::-([^}]*))?})?");

  private final Source source;
  private final StringBuilder text = new StringBuilder();
  private Optional<String> variable = Optional.empty();
  private Optional<String> problem = Optional.empty();

  /** Replaces all variables in {@code template}, up to the first that cannot be. */
  Substitution(Source source, String template) {
    this.source = source;
    Matcher matcher = VARIABLE.matcher(template);
    int end = 0;
    while (problem.isEmpty() && matcher.find()) {
      text.append(template, end, matcher.start());
      end = matcher.end();
      replace(matcher.group(), Optional.ofNullable(matcher.group(1)), matcher);
      if (text.length() > LONGEST) {
        problem = Optional.of("is longer than %d characters".formatted(LONGEST));
      }
    }
    text.append(template, end, template.length());
  }

  private void replace(String found, Optional<String> name, Matcher matcher) {
    if (name.isPresent()) {
      variable = name;
      text.append(value(name.get(), Optional.ofNullable(matcher.group(2))));
    } else if (found.startsWith("$$")) {
      text.append("${");
    } else {
      problem =
          Optional.of(
              "has a '${' that starts no ${NAME} or ${NAME:-default}; a plain one is written $${");
    }
  }

  private String value(String name, Optional<String> otherwise) {
    Optional<String> value = source.variable(name);
    if (otherwise.isPresent()) {
      return value.filter(set -> !set.isEmpty()).orElse(otherwise.get());
    }
    if (value.isEmpty()) {
      problem =
          Optional.of(
              "environment variable %s is not set; set it, or write ${%s:-default}"
                  .formatted(name, name));
    }
    return value.orElse("");
  }

  /** What came out. */
  String text() {
    return text.toString();
  }

  /** The last variable that was replaced. */
  Optional<String> variable() {
    return variable;
  }

  /** Why it could not be done. */
  Optional<String> problem() {
    return problem;
  }
}
