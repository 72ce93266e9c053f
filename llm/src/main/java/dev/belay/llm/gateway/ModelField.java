package dev.belay.llm.gateway;

import dev.belay.llm.front.BadRequest;
import dev.belay.llm.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds in a request what the gateway has to know of it, without taking it apart: which model, and
 * whether as a stream.
 */
final class ModelField {
  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] body;
  private String model = "";
  private boolean stream;
  private int start = -1;
  private int end = -1;

  private ModelField(byte[] body) {
    this.body = body;
  }

  /**
   * Looks through a request.
   *
   * @throws BadRequest if it is no JSON object, or names no model
   */
  static ModelField of(byte[] body) {
    ModelField field = new ModelField(body);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      field.read(parser);
    } catch (JacksonException broken) {
      throw new BadRequest("", "the body is not JSON: " + broken.getOriginalMessage());
    }
    if (field.model.isEmpty()) {
      throw new BadRequest("model", "is required and must be a string that is not empty");
    }
    return field;
  }

  private void read(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BadRequest("", "the body must be a JSON object");
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      if (name.equals("model") && value == JsonToken.VALUE_STRING) {
        start = (int) parser.currentTokenLocation().getByteOffset();
        model = parser.getString();
        end = (int) parser.currentLocation().getByteOffset();
      } else if (name.equals("stream")) {
        stream = value == JsonToken.VALUE_TRUE;
      } else {
        parser.skipChildren();
      }
    }
  }

  String model() {
    return model;
  }

  boolean isStream() {
    return stream;
  }

  /** The request with another model in it, and nothing else changed. */
  byte[] bodyFor(String other) {
    if (other.equals(model)) {
      return body;
    }
    byte[] name = Json.of(other).toString().getBytes(StandardCharsets.UTF_8);
    byte[] changed = new byte[body.length - (end - start) + name.length];
    System.arraycopy(body, 0, changed, 0, start);
    System.arraycopy(name, 0, changed, start, name.length);
    System.arraycopy(body, end, changed, start + name.length, body.length - end);
    return changed;
  }
}
