package dev.belay.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scalar with its variables replaced, and what it can be read as.
 *
 * @param kind what YAML took it for
 * @param text what to use
 * @param shown what a message may say of it
 * @param isSubstituted whether a variable is in it, so that it need not be meant as text
 */
record Word(Node.Kind kind, String text, String shown, boolean isSubstituted) {

  /** Too plain for a URL with a password in it. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_.:%+-]{1,40}");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KB|MB|GB)?");
  private static final Map<String, Integer> SHIFTS = Map.of("B", 0, "KB", 10, "MB", 20, "GB", 30);

  /** The word; or nothing, and a problem. */
  static Optional<Word> of(Source source, String path, Node.Scalar scalar) {
    String text = scalar.text();
    if (scalar.kind() != Node.Kind.TEXT || !text.contains("${")) {
      return Optional.of(new Word(scalar.kind(), text, shown(scalar.kind(), text), false));
    }
    Substitution done = new Substitution(source, text);
    if (done.problem().isPresent()) {
      source.wrong(scalar.line(), path, done.problem().get());
      return Optional.empty();
    }
    String shown = done.variable().map(name -> "the value of ${" + name + "}").orElse("some text");
    return Optional.of(new Word(Node.Kind.TEXT, done.text(), shown, done.variable().isPresent()));
  }

  private static String shown(Node.Kind kind, String text) {
    boolean harmless = HARMLESS.matcher(text).matches();
    return switch (kind) {
      case NULL -> "nothing";
      case TEXT -> harmless ? "text '" + text + "'" : "some text";
      case NUMBER -> harmless ? text : "a number";
      case BOOLEAN -> text;
    };
  }

  /** Whether it means "none": nothing is written, or a variable is empty. */
  boolean isNone() {
    return kind == Node.Kind.NULL || (isSubstituted && text.isBlank());
  }

  /** Whether it may be read as this, which a text in quotes may not. */
  private boolean canBe(Node.Kind other) {
    return kind == other || isSubstituted;
  }

  Optional<Integer> whole() {
    try {
      return canBe(Node.Kind.NUMBER)
          ? Optional.of(new BigDecimal(text).intValueExact())
          : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    } catch (ArithmeticException notWhole) {
      return Optional.empty();
    }
  }

  Optional<Double> number() {
    try {
      return canBe(Node.Kind.NUMBER) ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  Optional<Boolean> yesNo() {
    boolean valid = canBe(Node.Kind.BOOLEAN) && (text.equals("true") || text.equals("false"));
    return valid ? Optional.of(text.equals("true")) : Optional.empty();
  }

  Optional<Duration> length() {
    boolean bare = text.chars().noneMatch(Character::isLetter);
    boolean may = canBe(Node.Kind.NUMBER) || (kind == Node.Kind.TEXT && !bare);
    return may ? DurationText.parse(text) : Optional.empty();
  }

  Optional<Long> bytes() {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches() || (matcher.group(2) == null && !canBe(Node.Kind.NUMBER))) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    int shift = SHIFTS.getOrDefault(Optional.ofNullable(matcher.group(2)).orElse("B"), 0);
    return Optional.of(number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift);
  }

  Optional<String> textLike(Pattern pattern) {
    return kind == Node.Kind.TEXT && pattern.matcher(text).matches()
        ? Optional.of(text)
        : Optional.empty();
  }
}
