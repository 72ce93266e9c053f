package dev.belay.llm;

/** A call to a model did not bring what was asked for. */
public abstract class LlmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what to do about it in the message. */
  protected LlmException(String message) {
    super(message);
  }

  /** With its cause. */
  protected LlmException(String message, Throwable cause) {
    super(message, cause);
  }
}
