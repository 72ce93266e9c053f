package dev.belay.server.config;

import dev.belay.llm.json.Json;
import dev.belay.settings.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** A part of the file as JSON, for what is read elsewhere. Variables are not put in. */
final class NodeJson {
  private NodeJson() {}

  static Json of(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> {
        Map<String, Json> members = new LinkedHashMap<>();
        mapping.members().forEach(member -> members.put(member.key(), of(member.value())));
        yield new Json.Obj(members);
      }
      case Node.Sequence list -> Json.of(list.items().stream().map(NodeJson::of).toList());
      case Node.Scalar scalar -> of(scalar);
    };
  }

  private static Json of(Node.Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> Json.of(scalar.text());
      case NUMBER -> number(scalar.text());
      case BOOLEAN -> Json.of(scalar.text().equalsIgnoreCase("true"));
      case NULL -> new Json.Null();
    };
  }

  /** What YAML takes for a number and JSON does not stays a text. */
  private static Json number(String text) {
    try {
      return new Json.Num(new BigDecimal(text));
    } catch (NumberFormatException other) {
      return Json.of(text);
    }
  }
}
