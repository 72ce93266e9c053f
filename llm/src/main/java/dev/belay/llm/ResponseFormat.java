package dev.belay.llm;

import dev.belay.Check;
import dev.belay.llm.json.Json;

/** The form in which an answer is wanted. Where a provider can hold the model to it, it does. */
public sealed interface ResponseFormat {

  /** Any text. */
  record Text() implements ResponseFormat {}

  /** Some JSON object. */
  record JsonObject() implements ResponseFormat {}

  /**
   * JSON that satisfies a schema.
   *
   * @param name 1 to 64 letters, digits, underscores or hyphens
   * @param schema a JSON Schema
   * @param strict whether the provider must refuse what it cannot guarantee
   */
  record JsonSchema(String name, Json.Obj schema, boolean strict) implements ResponseFormat {
    /** Rejects names that no provider takes. */
    public JsonSchema {
      Check.that(
          name.matches("[A-Za-z0-9_-]{1,64}"),
          "schema name must be 1 to 64 letters, digits, underscores or hyphens, was '%s'",
          name);
    }
  }
}
