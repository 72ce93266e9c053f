package dev.belay.server.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client gets. Immutable.
 *
 * @param body empty if there is none
 */
record Reply(int status, Map<String, String> headers, Buffer body) {

  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(int status, JsonObject body) {
    return of(status, "application/json", body.toBuffer());
  }

  static Reply ok(JsonObject body) {
    return json(200, body);
  }

  static Reply of(int status, String type, Buffer body) {
    return new Reply(status, Map.of("Content-Type", type), body);
  }

  static Reply empty(int status) {
    return new Reply(status, Map.of(), Buffer.buffer());
  }

  static Reply of(ApiProblem problem) {
    Reply reply = json(problem.status(), problem.json());
    return problem.status() == 503
        ? reply.with("Retry-After", Long.toString(problem.retryAfterSeconds()))
        : reply;
  }

  Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }
}
