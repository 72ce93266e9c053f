package dev.belay.server;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import dev.belay.llm.review.ReviewCase;
import java.util.Arrays;

/** Calls as a program would park them. */
public final class Parked {
  private Parked() {}

  /** A question, an answer that will not do, and why. */
  public static ReviewCase of(String tenant, String question, String answer, String... problems) {
    return new ReviewCase(
        tenant,
        "run-1",
        Answer.of(answer, LlmRequest.of("best", question)),
        Arrays.stream(problems).map(problem -> Problem.of("schema", problem)).toList(),
        4,
        3);
  }

  /** Any of them. */
  public static ReviewCase any() {
    return of("acme", "How old is she?", "{\"age\": -1}", "age must be 0 or more");
  }
}
