package dev.belay.llm.json;

import static java.util.Objects.requireNonNull;

/**
 * One thing that {@link JsonRepair} put right. Immutable.
 *
 * @param kind which sort of thing
 * @param what it was, in words
 * @param line counted from 1
 * @param column in UTF-16 units, counted from 1
 */
public record Repair(Kind kind, String what, int line, int column) {

  /** Rejects null. */
  public Repair {
    requireNonNull(kind, "kind");
    requireNonNull(what, "what");
  }

  /** The sorts of things that can be put right. */
  public enum Kind {
    /** Marks of a fenced block around it. */
    FENCE,
    /** Words before or after it. */
    PROSE,
    /** A comment. */
    COMMENT,
    /** Strings in quotes other than the double ones, or in none. */
    QUOTES,
    /** A quote inside a string that was not escaped. */
    INNER_QUOTE,
    /** An escape that JSON does not know, or a control character that must be one. */
    ESCAPE,
    /** A comma too many or too few. */
    COMMA,
    /** Something else where a colon belongs. */
    COLON,
    /** A closing bracket that is missing or is another. */
    BRACKET,
    /** A literal of another language, such as {@code None}. */
    LITERAL,
    /** A number in a form that JSON does not know, such as {@code .5}. */
    NUMBER,
    /** A name that occurs twice in an object; the last value counts. */
    DUPLICATE,
    /** The text ends before the JSON does. */
    TRUNCATED
  }

  @Override
  public String toString() {
    return "%s at line %d, column %d".formatted(what, line, column);
  }
}
