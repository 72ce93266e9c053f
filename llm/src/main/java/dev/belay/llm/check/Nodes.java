package dev.belay.llm.check;

import dev.belay.Check;
import dev.belay.llm.json.Json;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Our JSON as the library of schemas wants it. */
final class Nodes {
  /** Arithmetic with a number such as 1e999999999 would take all memory there is. */
  private static final int LARGEST_EXPONENT = 400;

  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

  private Nodes() {}

  static JsonNode of(Json json) {
    return switch (json) {
      case Json.Obj object -> {
        ObjectNode node = MAKE.objectNode();
        object.members().forEach((name, value) -> node.set(name, of(value)));
        yield node;
      }
      case Json.Arr array -> {
        ArrayNode node = MAKE.arrayNode(array.items().size());
        array.items().forEach(item -> node.add(of(item)));
        yield node;
      }
      case Json.Str string -> MAKE.stringNode(string.value());
      case Json.Num number -> number(number.value());
      case Json.Bool bool -> MAKE.booleanNode(bool.value());
      case Json.Null nothing -> MAKE.nullNode();
    };
  }

  private static JsonNode number(BigDecimal value) {
    Check.that(
        Math.abs((long) value.scale()) + value.precision() <= LARGEST_EXPONENT,
        "a number must have at most %d digits, had an exponent of %d and %d digits",
        LARGEST_EXPONENT,
        -(long) value.scale(),
        value.precision());
    return value.scale() <= 0 ? MAKE.numberNode(value.toBigIntegerExact()) : MAKE.numberNode(value);
  }
}
