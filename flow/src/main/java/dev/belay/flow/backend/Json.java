package dev.belay.flow.backend;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what may be JSON, and asks of it what may be there. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Lines.LONGEST).build())
                  .build())
          .build();

  private static final double MOST = 1e11;

  private Json() {}

  /** An object, if the text is one. */
  static Optional<JsonNode> object(String text) {
    try {
      // most lines of programs are none, which need not be found out by an exception
      return text.stripLeading().startsWith("{")
          ? Optional.of(MAPPER.readTree(text)).filter(JsonNode::isObject)
          : Optional.empty();
    } catch (JacksonException none) {
      return Optional.empty();
    }
  }

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** A text of an object; empty if there is none. */
  static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isString() ? value.stringValue() : "";
  }

  /** A whole number of an object, from 0 on; 0 if there is none. */
  static long number(JsonNode object, String field) {
    return (long) amount(object, field);
  }

  /** A number of an object, from 0 on; 0 if there is none. */
  static double amount(JsonNode object, String field) {
    JsonNode value = object.path(field);
    double amount = value.isNumber() ? value.asDouble(0) : 0;
    return amount > 0 ? Math.min(amount, MOST) : 0;
  }

  static boolean isTrue(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isBoolean() && value.booleanValue();
  }

  /** The text of a message: itself, or that of its parts. */
  static String content(JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (text(part, "type").equals("text")) {
        text.append(text(part, "text"));
      }
    }
    return text.toString();
  }
}
