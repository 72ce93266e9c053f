package dev.belay.llm.transcript;

import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.Members;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import java.time.Instant;
import java.util.Set;

/** Decisions as JSON, and back. */
public final class DecisionForm {
  private static final Set<String> MEMBERS =
      Set.of("action", "cause", "after_ms", "why", "retry_at");

  private DecisionForm() {}

  /** {@code retry}, {@code fallback}, {@code park} or {@code stop}. */
  public static String action(Decision decision) {
    return switch (decision) {
      case Decision.Retry retry -> "retry";
      case Decision.Fallback fallback -> "fallback";
      case Decision.Park park -> "park";
      case Decision.Stop stop -> "stop";
    };
  }

  /** All members. */
  public static Json.Obj write(Decision decision) {
    Json.Obj json = Json.EMPTY.with("action", Json.of(action(decision)));
    if (decision instanceof Decision.Stop stop) {
      json = json.with("cause", Json.of(Words.of(stop.cause())));
    }
    if (decision instanceof Decision.Retry retry) {
      json = json.with("after_ms", Amounts.millis(retry.after()));
    }
    json = json.with("why", Json.of(decision.why()));
    return decision.retryAt().equals(Decision.UNKNOWN)
        ? json
        : json.with("retry_at", Json.of(decision.retryAt().toString()));
  }

  /**
   * Reads it again.
   *
   * @throws IllegalArgumentException that names the member
   */
  static Decision read(Json from) {
    Members in = new Members("decision", from).only(MEMBERS);
    String why = in.text("why");
    Instant retryAt =
        in.find("retry_at").isPresent() ? Amounts.instant(in, "retry_at") : Decision.UNKNOWN;
    return switch (in.text("action")) {
      case "retry" -> new Decision.Retry(Amounts.millis(in, "after_ms"), why, retryAt);
      case "fallback" -> new Decision.Fallback(why, retryAt);
      case "park" -> new Decision.Park(why, retryAt);
      case "stop" -> new Decision.Stop(in.oneOf("cause", Decision.Cause.class), why, retryAt);
      default -> in.fail("action", "be retry, fallback, park or stop");
    };
  }
}
