package dev.belay.server.api;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client asks for, read whole. Immutable but for its headers and query, which are only read.
 *
 * @param params the parts of the path that are named in its template, decoded
 * @param query the parameters behind the question mark
 * @param body empty if there is none
 */
record Ask(Map<String, String> params, MultiMap query, MultiMap headers, Buffer body) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static Ask of(RoutingContext ctx, Buffer body) {
    return new Ask(Map.copyOf(ctx.pathParams()), ctx.queryParams(), ctx.request().headers(), body);
  }

  String param(String name) {
    return params.getOrDefault(name, "");
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  String text() {
    return body.toString(StandardCharsets.UTF_8);
  }

  /** The body as an object of JSON. */
  Fields fields() {
    return new Fields(object(), false);
  }

  /** The body as a patch, in which null clears. */
  Fields patch() {
    return new Fields(object(), true);
  }

  private JsonNode object() {
    JsonNode node;
    try {
      node = JSON.readTree(body.getBytes());
    } catch (JacksonException wrong) {
      // its message may quote what was sent
      TokenStreamLocation at = wrong.getLocation();
      JsonObject details = new JsonObject();
      if (at != null) {
        details.put("line", at.getLineNr()).put("column", at.getColumnNr());
      }
      throw ApiProblem.malformed("The body is no valid JSON, or has a key twice.", details);
    }
    if (node == null || !node.isObject()) {
      throw ApiProblem.malformed("The body must be an object of JSON.", new JsonObject());
    }
    return node;
  }
}
