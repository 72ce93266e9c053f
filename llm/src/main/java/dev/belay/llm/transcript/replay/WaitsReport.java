package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import java.util.List;

/**
 * What other waits would have decided in a call, with all else as it was. Immutable.
 *
 * @param policy the name of the waits
 * @param steps each failure, in order
 * @param fate what would have become of the call
 * @param why, in words
 * @param recorded what was
 * @param now what would have been, as far as it is known: up to the point that {@code why} names
 */
public record WaitsReport(
    String policy, List<WaitStep> steps, Fate fate, String why, Totals recorded, Totals now) {

  /** What would have become of a call. */
  public enum Fate {
    /** It takes the same way to the same end, if with other waits. */
    SAME,
    /** It ends sooner. */
    GIVES_UP,
    /** It is put away until later. */
    PARKS,
    /** It takes a way on which nobody has been. */
    UNKNOWN
  }

  /** Keeps a copy. */
  public WaitsReport {
    requireNonNull(policy, "policy");
    steps = List.copyOf(steps);
    requireNonNull(fate, "fate");
    requireNonNull(why, "why");
    requireNonNull(recorded, "recorded");
    requireNonNull(now, "now");
  }

  /** Whether anything on the way of the call would have been decided differently. */
  public boolean changed() {
    return fate == Fate.GIVES_UP
        || fate == Fate.PARKS
        || steps.stream().anyMatch(step -> step.changed() && step.reached());
  }

  Json json() {
    return Json.EMPTY
        .with("policy", Json.of(policy))
        .with("fate", Json.of(Words.of(fate)))
        .with("why", Json.of(Redaction.text(why)))
        .with("changed", Json.of(changed()))
        .with("recorded", recorded.json())
        .with("now", now.json())
        .with("steps", Json.of(steps.stream().map(WaitStep::json).toList()));
  }
}
