package dev.belay.server.live;

import dev.belay.CallReport;
import dev.belay.ErrorClass;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the feed says of calls. */
final class CallEvents {
  private CallEvents() {}

  /**
   * The attempt that comes next.
   *
   * @param delay how long the call waits for it, zero if not at all
   * @param at when that is over
   * @param why for people
   */
  record Next(Duration delay, Instant at, String why) {}

  /** A call that is tried again. */
  static JsonObject retry(RequestView request, Next next) {
    JsonObject data =
        new JsonObject()
            .put("request_id", request.id())
            .put("target", request.target())
            .put("policy", request.policy())
            .put("attempt", request.attempt() + 1)
            .put("max_attempts", request.maxAttempts())
            .put("delay", Jsons.seconds(next.delay()))
            .put("next_retry_at", next.at().toString())
            .put("reason", next.why());
    if (!request.failures().isEmpty()) {
      RequestView.Failure last = request.failures().getLast();
      data.put("proxy_id", Jsons.proxyId(last.endpoint()))
          .put("proxy", last.endpoint())
          .put("error_class", Jsons.word(last.errorClass()));
    }
    return data;
  }

  /** A call that ended without a good answer; empty if it did not. */
  static Optional<JsonObject> failure(CallReport report, String id) {
    return switch (report.reason()) {
      case SUCCESS, IGNORED, CANCELLED -> Optional.empty();
      case PERMANENT,
          ATTEMPTS_EXHAUSTED,
          BUDGET_EXHAUSTED,
          DEADLINE,
          HINT_TOO_LONG,
          NOT_REPEATABLE,
          REFUSED ->
          Optional.of(data(report, id));
    };
  }

  private static JsonObject data(CallReport report, String id) {
    ErrorClass last =
        report.attempts().isEmpty()
            ? ErrorClass.REJECTED
            : report.attempts().getLast().verdict().errorClass();
    return new JsonObject()
        .put("request_id", id)
        .put("target", report.target())
        .put("policy", report.policy())
        .put("reason", Jsons.word(report.reason()))
        .put("attempts", report.attempts().size())
        .put("error_class", Jsons.word(last))
        .put("took", Jsons.seconds(report.took()));
  }
}
