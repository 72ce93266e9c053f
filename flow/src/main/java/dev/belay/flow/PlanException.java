package dev.belay.flow;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A plan cannot be run. Its message has one line for each problem, all of them at once. */
public final class PlanException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<PlanProblem> problems;

  /** One with problems, at least one. */
  public PlanException(List<PlanProblem> problems) {
    super(problems.stream().map(PlanProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong; at least one thing. */
  public List<PlanProblem> problems() {
    return problems;
  }
}
