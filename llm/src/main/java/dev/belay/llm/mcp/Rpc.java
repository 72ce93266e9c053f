package dev.belay.llm.mcp;

import dev.belay.llm.form.Bounds;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.Optional;
import java.util.OptionalLong;

/** Messages of JSON-RPC 2.0, as MCP uses them. */
final class Rpc {
  /** That requests may follow. */
  static final String READY = "notifications/initialized";

  private static final Json.Obj FRAME = Json.EMPTY.with("jsonrpc", Json.of("2.0"));
  private static final int LONGEST_WORDS = 500;
  private static final int NO_SUCH_METHOD = -32601;

  private Rpc() {}

  static Json.Obj request(long id, String method, Json.Obj parameters) {
    return FRAME.with("id", Json.of(id)).with("method", Json.of(method)).with("params", parameters);
  }

  static Json.Obj notification(String method, Json.Obj parameters) {
    return FRAME.with("method", Json.of(method)).with("params", parameters);
  }

  /** That nobody waits for a request any more. */
  static Json.Obj cancelled(long id) {
    return Json.EMPTY.with("requestId", Json.of(id)).with("reason", Json.of("nobody waits"));
  }

  /**
   * A message; empty if the text is none. Some servers write other things between their messages.
   */
  static Optional<Json.Obj> read(String text) {
    try {
      return Json.parse(text) instanceof Json.Obj message ? Optional.of(message) : Optional.empty();
    } catch (JsonException none) {
      return Optional.empty();
    }
  }

  /** Which request a message answers; empty if it answers none. */
  static OptionalLong answers(Json.Obj message) {
    boolean isAnswer = message.get("method").isEmpty();
    return isAnswer && message.get("id").orElse(new Json.Null()) instanceof Json.Num id
        ? OptionalLong.of(id.value().longValue())
        : OptionalLong.empty();
  }

  /** What to say to a request of the server: that we are there, and can do nothing for it. */
  static Optional<Json.Obj> reply(Json.Obj message) {
    Optional<Json> id = message.get("id");
    if (id.isEmpty()
        || !(message.get("method").orElse(new Json.Null()) instanceof Json.Str method)) {
      return Optional.empty();
    }
    Json.Obj reply = FRAME.with("id", id.get());
    return Optional.of(
        method.value().equals("ping")
            ? reply.with("result", Json.EMPTY)
            : reply.with(
                "error",
                Json.EMPTY
                    .with("code", Json.of(NO_SUCH_METHOD))
                    .with("message", Json.of("not offered"))));
  }

  /**
   * The result in an answer.
   *
   * @throws ToolServerException if it says that there is none
   */
  static Json.Obj result(String server, Json.Obj answer) {
    if (answer.get("result").orElse(new Json.Null()) instanceof Json.Obj result) {
      return result;
    }
    Json why = answer.get("error").orElse(Json.EMPTY);
    String words = why instanceof Json.Obj error ? text(error, "message") : "";
    throw new ToolServerException(
        server, "refuses: " + Bounds.cut(Redaction.text(words), LONGEST_WORDS));
  }

  /** Empty if there is none of this name. */
  static String text(Json.Obj object, String name) {
    return object.get(name).orElse(new Json.Null()) instanceof Json.Str text ? text.value() : "";
  }
}
