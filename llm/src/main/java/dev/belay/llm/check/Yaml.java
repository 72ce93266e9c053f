package dev.belay.llm.check;

import dev.belay.Check;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/** YAML as JSON. References are kept as text, not followed, so nothing can grow. */
final class Yaml {
  private static final int MOST_NESTED = 200;
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private Yaml() {}

  /**
   * Reads JSON if it begins like it, else YAML.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Json read(String text) {
    if (text.strip().startsWith("{")) {
      try {
        return Json.parse(text);
      } catch (JsonException broken) {
        throw new IllegalArgumentException(broken.getMessage(), broken);
      }
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      return first == null ? new Json.Null() : value(parser, first, 0);
    } catch (JacksonException broken) {
      throw new IllegalArgumentException(
          String.valueOf(broken.getOriginalMessage()).lines().findFirst().orElse("not YAML"),
          broken);
    } catch (IllegalArgumentException tooDeep) {
      throw tooDeep;
    } catch (RuntimeException broken) {
      throw new IllegalArgumentException("not YAML: " + broken.getMessage(), broken);
    }
  }

  private static Json value(JsonParser parser, JsonToken token, int depth) {
    Check.that(depth < MOST_NESTED, "it must be nested at most %d deep", MOST_NESTED);
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          members.put(name, value(parser, parser.nextToken(), depth + 1));
        }
        yield new Json.Obj(members);
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          items.add(value(parser, next, depth + 1));
        }
        yield new Json.Arr(items);
      }
      case VALUE_TRUE -> Json.of(true);
      case VALUE_FALSE -> Json.of(false);
      case VALUE_NULL -> new Json.Null();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING, VALUE_EMBEDDED_OBJECT ->
          Json.of(String.valueOf(parser.getString()));
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
          throw new IllegalArgumentException("a value is missing");
    };
  }
}
