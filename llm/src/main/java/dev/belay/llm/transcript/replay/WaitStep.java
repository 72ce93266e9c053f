package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Amounts;
import dev.belay.llm.transcript.DecisionForm;
import dev.belay.llm.transcript.Place;
import dev.belay.llm.transcript.TranscriptLine;
import java.time.Duration;

/**
 * One failed attempt under both policies. Immutable.
 *
 * @param failed what happened
 * @param recorded what was done then
 * @param now what is decided now
 * @param range what the wait may be, by jitter
 * @param changed whether both differ: in what is done, or by more than jitter in the wait
 * @param reached whether the call would have come here; if not, {@code now} says what would be
 *     decided if it had, at the time of the record
 */
public record WaitStep(
    TranscriptLine.Failed failed,
    Deed recorded,
    Decision now,
    Range range,
    boolean changed,
    boolean reached) {

  /**
   * From the shortest wait to the longest.
   *
   * @param least 0 or more
   * @param most 0 or more
   */
  public record Range(Duration least, Duration most) {
    /** What was written down has lost what is below a millisecond in the programs of others. */
    private static final Duration GRAIN = Duration.ofMillis(1);

    /** No wait. */
    public static final Range NONE = new Range(Duration.ZERO, Duration.ZERO);

    boolean holds(Duration wait) {
      return wait.plus(GRAIN).compareTo(least) >= 0 && wait.compareTo(most.plus(GRAIN)) <= 0;
    }
  }

  /** Rejects null. */
  public WaitStep {
    requireNonNull(failed, "failed");
    requireNonNull(recorded, "recorded");
    requireNonNull(now, "now");
    requireNonNull(range, "range");
  }

  Json json() {
    Place place = failed.place();
    Json.Obj json =
        Json.EMPTY
            .with("request", Json.of(place.request()))
            .with("attempt", Json.of(place.attempt()))
            .with("endpoint", Json.of(place.endpoint()))
            .with("kind", Json.of(Words.of(failed.error().kind())))
            .with("status", Json.of(failed.error().status()))
            .with("recorded", recorded.json())
            .with("now", DecisionForm.write(now));
    if (now instanceof Decision.Retry) {
      json =
          json.with("least_ms", Amounts.millis(range.least()))
              .with("most_ms", Amounts.millis(range.most()));
    }
    return Redaction.object(
        json.with("changed", Json.of(changed)).with("reached", Json.of(reached)));
  }
}
