package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmResponse;

/** The provider's filter, or the model itself, held the answer back; ask something else. */
public final class ContentBlocked extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient LlmResponse response;

  ContentBlocked(String message, LlmReport report, LlmResponse response) {
    super(message, report);
    this.response = requireNonNull(response, "response");
  }

  /** What came instead. */
  public LlmResponse response() {
    return response;
  }
}
