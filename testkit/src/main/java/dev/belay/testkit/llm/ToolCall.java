package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

/**
 * A tool that the model wants to be called.
 *
 * @param name the tool's name
 * @param arguments its arguments as JSON text; text that is no JSON can only be said in the
 *     dialects of OpenAI, the others say {@code {}} instead
 */
public record ToolCall(String name, String arguments) {

  /** Rejects an empty name. */
  public ToolCall {
    requireNonNull(arguments, "arguments");
    Check.that(!name.isEmpty(), "a tool call needs a name");
  }
}
