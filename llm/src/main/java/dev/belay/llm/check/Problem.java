package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One thing that is wrong with an answer, in words that a model can act on. Immutable.
 *
 * @param validator the name of the validator that found it
 * @param message what is wrong, and with which value
 * @param pointer where, as a JSON Pointer into the answer; empty for the whole, or if it is no JSON
 * @param suggestions what to do about it, in order
 * @param detail more for people who look for the cause, such as the line of a parser; may be empty
 */
public record Problem(
    String validator, String message, String pointer, List<String> suggestions, String detail) {

  /** Keeps a copy. */
  public Problem {
    requireNonNull(validator, "validator");
    requireNonNull(message, "message");
    requireNonNull(pointer, "pointer");
    suggestions = List.copyOf(suggestions);
    requireNonNull(detail, "detail");
  }

  /** One that concerns the whole answer. */
  public static Problem of(String validator, String message, String... suggestions) {
    return new Problem(validator, message, "", List.of(suggestions), "");
  }

  /** The same with a place in the answer. */
  public Problem at(String place) {
    return new Problem(validator, message, place, suggestions, detail);
  }

  /** The same with more for people. */
  public Problem withDetail(String more) {
    return new Problem(validator, message, pointer, suggestions, more);
  }
}
