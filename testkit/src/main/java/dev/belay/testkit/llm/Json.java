package dev.belay.testkit.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  /** A JSON object of these names and values, in this order; a name with a null stays. */
  static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** Empty where the bytes are no JSON object. */
  static Optional<JsonNode> parse(byte[] bytes) {
    try {
      return Optional.of(MAPPER.readTree(bytes)).filter(JsonNode::isObject);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Text as a JSON object; an empty one where it is none. */
  static JsonNode objectOf(String text) {
    return parse(text.getBytes(UTF_8)).orElseGet(MAPPER::createObjectNode);
  }

  /** The text of a content that is a string, or a list of parts of which some have text. */
  static String contentText(JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      JsonNode text = part.isString() ? part : part.path("text");
      if (text.isString()) {
        texts.add(text.stringValue());
      } else if (part.path("content").isContainer() || part.path("content").isString()) {
        texts.add(contentText(part.path("content"))); // a tool's result
      }
    }
    return String.join("\n", texts);
  }
}
