package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Amounts;
import java.util.List;

/**
 * What other checks would have made of the answers of a call, with all else as it was. Immutable.
 *
 * @param steps each answer, in order
 * @param fate what would have become of the call
 * @param why, in words
 * @param recorded what was
 * @param now what would have been, as far as it is known; if the fate is not, the least
 */
public record ChecksReport(List<CheckStep> steps, Fate fate, String why, Cost recorded, Cost now) {

  /** What would have become of a call. */
  public enum Fate {
    /** An answer stands. */
    ANSWERED,
    /** No answer stands. */
    FAILED,
    /** A person decides. */
    HUMAN,
    /** It takes a way on which nobody has been. */
    UNKNOWN
  }

  /**
   * What answers cost.
   *
   * @param answers that were asked for, corrections included
   * @param dollars for them
   */
  public record Cost(int answers, double dollars) {
    /** Answers beyond the first. */
    public int corrections() {
      return Math.max(0, answers - 1);
    }

    Json json() {
      return Json.EMPTY
          .with("answers", Json.of(answers))
          .with("corrections", Json.of(corrections()))
          .with("dollars", Amounts.dollars(dollars));
    }
  }

  /** Keeps a copy. */
  public ChecksReport {
    steps = List.copyOf(steps);
    requireNonNull(fate, "fate");
    requireNonNull(why, "why");
    requireNonNull(recorded, "recorded");
    requireNonNull(now, "now");
  }

  /** Whether anything on the way of the call would have been found differently. */
  public boolean changed() {
    return steps.stream().anyMatch(step -> step.changed() && step.reached())
        || (fate != Fate.UNKNOWN && now.answers() != recorded.answers());
  }

  Json json() {
    return Json.EMPTY
        .with("fate", Json.of(Words.of(fate)))
        .with("why", Json.of(Redaction.text(why)))
        .with("changed", Json.of(changed()))
        .with("recorded", recorded.json())
        .with("now", now.json())
        .with("steps", Json.of(steps.stream().map(CheckStep::json).toList()));
  }
}
