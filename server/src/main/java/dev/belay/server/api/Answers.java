package dev.belay.server.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers in JSON, with one shape for errors. */
final class Answers {
  private Answers() {}

  static void json(RoutingContext ctx, int status, JsonObject body) {
    ctx.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(body.encode());
  }

  /** An error: a code for programs, and a message that says what to do. */
  static void error(RoutingContext ctx, int status, String code, String message) {
    json(
        ctx,
        status,
        new JsonObject()
            .put("error", code)
            .put("message", message)
            .put("details", new JsonObject()));
  }
}
