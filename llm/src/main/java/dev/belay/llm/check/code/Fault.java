package dev.belay.llm.check.code;

import static java.util.Objects.requireNonNull;

/**
 * A place where source text is not well formed. Immutable.
 *
 * @param line counted from 1
 * @param message what is wrong
 */
public record Fault(int line, String message) {
  /** Rejects null. */
  public Fault {
    requireNonNull(message, "message");
  }

  @Override
  public String toString() {
    return "line %d: %s".formatted(line, message);
  }
}
