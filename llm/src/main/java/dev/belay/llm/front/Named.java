package dev.belay.llm.front;

import dev.belay.llm.ResponseFormat;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;

/** Things with a name that a client may have chosen badly. */
final class Named {
  private Named() {}

  static Tool tool(Fields fields, String description, Json.Obj parameters) {
    try {
      return new Tool(fields.required("name"), description, parameters);
    } catch (IllegalArgumentException bad) {
      throw fields.wrong("name", String.valueOf(bad.getMessage()));
    }
  }

  /** A schema with its name. */
  static ResponseFormat schema(Fields fields) {
    Json.Obj schema =
        fields.section("schema").orElseThrow(() -> fields.wrong("schema", "is required")).object();
    try {
      return new ResponseFormat.JsonSchema(
          fields.required("name"), schema, fields.yes("strict", false));
    } catch (IllegalArgumentException bad) {
      throw fields.wrong("name", String.valueOf(bad.getMessage()));
    }
  }
}
