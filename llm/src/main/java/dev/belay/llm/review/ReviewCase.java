package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import dev.belay.llm.form.AnswerForm;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.json.Json;
import java.util.List;

/**
 * What a person has to look at, and what is needed to go on afterwards. Holds no secret: whatever
 * looks like one is taken out when it is made. Immutable.
 *
 * @param tenant on whose behalf; may be empty
 * @param runKey by which the caller finds the call again; may be empty
 * @param answer the last answer, and the request it belongs to
 * @param problems of all attempts, oldest first
 * @param attemptsMade answers that came so far, 1 or more
 * @param lastAttemptIndex of the last attempt, counted from 0
 */
public record ReviewCase(
    String tenant,
    String runKey,
    Answer answer,
    List<Problem> problems,
    int attemptsMade,
    int lastAttemptIndex) {
  private static final int MOST = 1_000;

  /** Keeps a redacted copy; of more than 1,000 problems the newest. */
  public ReviewCase {
    tenant = Redaction.text(tenant);
    runKey = Redaction.text(runKey);
    answer = redacted(requireNonNull(answer, "answer"));
    problems =
        problems.subList(Math.max(0, problems.size() - MOST), problems.size()).stream()
            .map(problem -> AnswerForm.readProblem(Redaction.object(AnswerForm.write(problem))))
            .toList();
    Check.that(attemptsMade >= 1, "attempts_made must be 1 or more, was %d", attemptsMade);
    Check.that(
        lastAttemptIndex >= 0, "last_attempt_index must be 0 or more, was %d", lastAttemptIndex);
  }

  private static Answer redacted(Answer answer) {
    Json request = Redaction.object(RequestForm.write(answer.request()));
    return AnswerForm.read(Redaction.object(AnswerForm.write(answer)), RequestForm.read(request));
  }
}
