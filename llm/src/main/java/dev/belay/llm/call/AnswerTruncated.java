package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmResponse;

/** The answer is longer than it may be, even with more room; set max_tokens, or ask for less. */
public final class AnswerTruncated extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient LlmResponse response;

  AnswerTruncated(String message, LlmReport report, LlmResponse response) {
    super(message, report);
    this.response = requireNonNull(response, "response");
  }

  /** The part that came. */
  public LlmResponse response() {
    return response;
  }
}
