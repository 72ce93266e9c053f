package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.check.Problem;
import dev.belay.llm.form.AnswerForm;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Place;
import dev.belay.llm.transcript.TranscriptLine.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * One answer under both sets of checks. Immutable.
 *
 * @param place which attempt brought it
 * @param recorded what was found then; empty if it was not checked
 * @param now what is found now
 * @param reached whether the call would have come here; if not, {@code now} says what would have
 *     been found if it had
 * @param sameFeedback whether the model had been told the same of the answer before; if not, it
 *     might have said something else here
 */
public record CheckStep(
    Place place, Optional<Verdict> recorded, Now now, boolean reached, boolean sameFeedback) {

  /**
   * What is found now.
   *
   * @param verdict empty if it cannot be known
   * @param problems what is wrong; of a valid answer, warnings
   * @param why it cannot be known, or could not be found out
   */
  public record Now(Optional<Verdict> verdict, List<Problem> problems, String why) {
    /** Keeps a copy. */
    public Now {
      problems = List.copyOf(problems);
      requireNonNull(why, "why");
    }
  }

  /** Rejects null. */
  public CheckStep {
    requireNonNull(place, "place");
    requireNonNull(now, "now");
  }

  /** Whether both are known and differ. */
  public boolean changed() {
    return recorded.isPresent()
        && now.verdict().isPresent()
        && !recorded.get().equals(now.verdict().get());
  }

  Json json() {
    return Redaction.object(
        Json.EMPTY
            .with("request", Json.of(place.request()))
            .with("endpoint", Json.of(place.endpoint()))
            .with("recorded", Json.of(recorded.map(Words::of).orElse("unchecked")))
            .with("now", Json.of(now.verdict().map(Words::of).orElse("unknown")))
            .with("why", Json.of(now.why()))
            .with("problems", Json.of(now.problems().stream().map(AnswerForm::write).toList()))
            .with("changed", Json.of(changed()))
            .with("reached", Json.of(reached))
            .with("same_feedback", Json.of(sameFeedback)));
  }
}
