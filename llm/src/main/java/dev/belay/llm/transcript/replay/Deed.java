package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.delay.Decision;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Amounts;
import dev.belay.llm.transcript.DecisionForm;
import java.time.Duration;
import java.util.Optional;

/**
 * What was done after a failure. Immutable.
 *
 * @param action {@code retry}, {@code fallback}, {@code park}, {@code stop}; {@code unknown} if the
 *     transcript breaks off there
 * @param after how long was waited, if that is known
 * @param why in words; empty if the transcript does not say
 * @param told whether the transcript says what was decided; if not, this is what followed
 */
public record Deed(String action, Optional<Duration> after, String why, boolean told) {
  /** Rejects null. */
  public Deed {
    requireNonNull(action, "action");
    requireNonNull(after, "after");
    requireNonNull(why, "why");
  }

  static Deed of(Decision decision) {
    Optional<Duration> after =
        decision instanceof Decision.Retry retry ? Optional.of(retry.after()) : Optional.empty();
    return new Deed(DecisionForm.action(decision), after, decision.why(), true);
  }

  boolean isRetry() {
    return action.equals("retry");
  }

  boolean isKnown() {
    return !action.equals("unknown");
  }

  Json.Obj json() {
    Json.Obj json = Json.EMPTY.with("action", Json.of(action));
    if (after.isPresent()) {
      json = json.with("after_ms", Amounts.millis(after.get()));
    }
    return json.with("why", Json.of(why)).with("told", Json.of(told));
  }
}
