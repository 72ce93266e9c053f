package dev.belay.llm.check.code;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.List;

/** JSON. */
final class JsonSyntax implements Syntax {

  @Override
  public List<String> names() {
    return List.of("json");
  }

  @Override
  public List<Fault> faults(String source) {
    try {
      Json ignored = Json.parse(source);
      return List.of();
    } catch (JsonException broken) {
      return List.of(new Fault(broken.line(), String.valueOf(broken.getMessage())));
    }
  }
}
