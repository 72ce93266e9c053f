package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import java.util.List;

/**
 * An answer that did not stand. Immutable.
 *
 * @param attempt which one it was, counted from 1
 * @param stage how much help the model had
 * @param answer what it said
 * @param problems what is wrong with it; at least one
 */
public record FailedAnswer(int attempt, Stage stage, Answer answer, List<Problem> problems) {
  /** Keeps a copy. */
  public FailedAnswer {
    requireNonNull(stage, "stage");
    requireNonNull(answer, "answer");
    problems = List.copyOf(problems);
  }

  /** Whether it says the same, and the same is wrong with it. */
  boolean isLike(FailedAnswer other) {
    return answer.text().equals(other.answer.text())
        && calls().equals(other.calls())
        && faults().equals(other.faults());
  }

  /** Tool calls without their ids, which are new each time. */
  private List<String> calls() {
    return answer.toolCalls().stream().map(call -> call.name() + call.arguments()).toList();
  }

  private List<String> faults() {
    return problems.stream().map(FailedAnswer::fault).toList();
  }

  private static String fault(Problem problem) {
    return problem.validator() + '\n' + problem.pointer() + '\n' + problem.message();
  }
}
