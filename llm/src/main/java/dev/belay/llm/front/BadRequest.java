package dev.belay.llm.front;

import dev.belay.llm.LlmException;

/** A client's request does not make sense; the message says what to change. */
public final class BadRequest extends LlmException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * Names the field.
   *
   * @param field {@code messages[2].role}, say; empty if it is the whole body
   */
  public BadRequest(String field, String message) {
    super(field.isEmpty() ? message : field + ": " + message);
    this.field = field;
  }

  /** The field that is wrong; empty if it is the whole body. */
  public String field() {
    return field;
  }
}
