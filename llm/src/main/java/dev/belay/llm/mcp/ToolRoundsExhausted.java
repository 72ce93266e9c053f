package dev.belay.llm.mcp;

import dev.belay.llm.LlmException;

/** A model asked for tools again and again, and never answered. */
public final class ToolRoundsExhausted extends LlmException {
  private static final long serialVersionUID = 1L;

  ToolRoundsExhausted(String endpoint, int rounds) {
    super(
        "%s asked for tools after %d rounds of them and gave no answer; allow more rounds, or offer fewer tools"
            .formatted(endpoint, rounds));
  }
}
