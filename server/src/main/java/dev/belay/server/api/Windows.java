package dev.belay.server.api;

import dev.belay.ledger.Window;
import io.vertx.core.json.JsonObject;

/** What an answer covers. */
final class Windows {
  private Windows() {}

  static JsonObject put(JsonObject body, Window window) {
    return put(body, window, false);
  }

  /** Adds it; {@code less} says that the answer covers less for a reason of its own. */
  static JsonObject put(JsonObject body, Window window, boolean less) {
    return body.put("hours", window.hours())
        .put("retention_hours", window.retentionHours())
        .put("truncated", window.truncated() || less)
        .put("from", window.from().toString())
        .put("to", window.to().toString());
  }
}
