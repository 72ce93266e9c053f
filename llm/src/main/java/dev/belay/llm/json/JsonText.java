package dev.belay.llm.json;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads and writes {@link Json} by Jackson's streams. */
final class JsonText {
  static final int MOST_NESTED = 200;
  private static final int MOST_CHARACTERS = 1 << 24;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_NESTED)
                  .maxStringLength(100_000_000)
                  .build())
          .build();

  private static final JsonFactory UNIQUE =
      FACTORY.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonText() {}

  static Json read(String text) {
    return read(FACTORY, text);
  }

  /** What is very long is refused: names are remembered while it is read. */
  static Json readUnique(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new JsonException(
          "it has %d characters, and may have %d".formatted(text.length(), MOST_CHARACTERS), 1, 1);
    }
    return read(UNIQUE, text);
  }

  private static Json read(JsonFactory factory, String text) {
    char[] all = text.toCharArray(); // in pieces, as a long String is read, a long text takes twice
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), all, 0, all.length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new JsonException("there is no JSON in it", 1, 1);
      }
      Json value = value(parser, first);
      if (parser.nextToken() != null) {
        throw at("there is more after the JSON value", parser.currentTokenLocation());
      }
      return value;
    } catch (JacksonException broken) {
      throw at(broken.getOriginalMessage(), broken.getLocation());
    }
  }

  /** Jackson does not say where a number breaks its limits. */
  private static JsonException at(String message, @Nullable TokenStreamLocation place) {
    if (place == null) {
      return new JsonException(message, 1, 1);
    }
    return new JsonException(
        message, Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()));
  }

  private static Json value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Str(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> new Json.Null();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw at("there is no value", parser.currentTokenLocation());
    };
  }

  private static Json number(JsonParser parser) {
    try {
      return new Json.Num(parser.getDecimalValue());
    } catch (NumberFormatException tooMuch) {
      throw at("a number is beyond all bounds", parser.currentTokenLocation());
    }
  }

  private static Json object(JsonParser parser) {
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      members.put(name, value(parser, parser.nextToken()));
    }
    return new Json.Obj(members);
  }

  private static Json array(JsonParser parser) {
    List<Json> items = new ArrayList<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      items.add(value(parser, next));
    }
    return new Json.Arr(items);
  }

  static String write(Json json) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(json, generator);
    }
    return text.toString();
  }

  private static void write(Json json, JsonGenerator to) {
    switch (json) {
      case Json.Obj object -> {
        to.writeStartObject();
        object
            .members()
            .forEach((name, value) -> {
              to.writeName(name);
              write(value, to);
            });
        to.writeEndObject();
      }
      case Json.Arr array -> {
        to.writeStartArray();
        array.items().forEach(item -> write(item, to));
        to.writeEndArray();
      }
      case Json.Str string -> to.writeString(string.value());
      case Json.Num number -> to.writeNumber(number.value());
      case Json.Bool bool -> to.writeBoolean(bool.value());
      case Json.Null nothing -> to.writeNull();
    }
  }
}
