package dev.belay.llm.provider;

import dev.belay.llm.LlmException;

/** A setting names a variable, or a key a file, that is not there. */
public final class MissingVariable extends LlmException {
  private static final long serialVersionUID = 1L;

  MissingVariable(String message) {
    super(message);
  }
}
