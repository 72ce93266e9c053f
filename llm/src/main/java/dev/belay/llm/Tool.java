package dev.belay.llm;

import dev.belay.Check;
import dev.belay.llm.json.Json;

/**
 * A function that the model may ask for. Immutable.
 *
 * @param name 1 to 64 letters, digits, underscores or hyphens
 * @param description for the model
 * @param parameters a JSON Schema of an object
 */
public record Tool(String name, String description, Json.Obj parameters) {
  /** Rejects names that no provider takes. */
  public Tool {
    Check.that(
        name.matches("[A-Za-z0-9_-]{1,64}"),
        "tool name must be 1 to 64 letters, digits, underscores or hyphens, was '%s'",
        name);
  }
}
