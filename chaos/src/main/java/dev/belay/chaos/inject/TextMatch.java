package dev.belay.chaos.inject;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.function.Predicate;

/**
 * What a text has to be.
 *
 * @param kind how it is compared
 * @param value with what; a regular expression, in RE2's syntax, has to fit somewhere in the text
 */
public record TextMatch(Kind kind, String value) {

  /** How a text is compared. */
  public enum Kind {
    /** The same, letter by letter. */
    EXACT,
    /** The beginning is the same. */
    PREFIX,
    /** A regular expression fits, in time that grows with the length of the text only. */
    REGEX
  }

  /** Rejects a regular expression that is none, so that it can never come to mean everything. */
  public TextMatch {
    if (kind == Kind.REGEX) {
      try {
        Pattern unused = Pattern.compile(value);
      } catch (PatternSyntaxException wrong) {
        throw new IllegalArgumentException(
            "regex must be a regular expression, '%s' is none: %s"
                .formatted(value, wrong.getDescription()),
            wrong);
      }
    }
  }

  /** The text itself. */
  public static TextMatch exact(String value) {
    return new TextMatch(Kind.EXACT, value);
  }

  /** A text that begins so. */
  public static TextMatch prefix(String value) {
    return new TextMatch(Kind.PREFIX, value);
  }

  /** A text that a regular expression fits. */
  public static TextMatch regex(String value) {
    return new TextMatch(Kind.REGEX, value);
  }

  /** Ready to be asked many times. */
  Predicate<String> compiled() {
    return switch (kind) {
      case EXACT -> value::equals;
      case PREFIX -> text -> text.startsWith(value);
      case REGEX -> {
        Pattern pattern = Pattern.compile(value);
        yield text -> pattern.matcher(text).find();
      }
    };
  }
}
