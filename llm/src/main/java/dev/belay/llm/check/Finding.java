package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;

/** What a check came to. Immutable. */
public sealed interface Finding {

  /**
   * The answer stands.
   *
   * @param answer what to use: the one that was checked, unless something was repaired or taken out
   * @param warnings what is not as it should be but was let pass, such as repairs
   */
  record Valid(Answer answer, List<Problem> warnings) implements Finding {
    /** Keeps a copy. */
    public Valid {
      requireNonNull(answer, "answer");
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The answer does not stand.
   *
   * @param problems all that is wrong, in the order of the checks; at least one
   * @param remedy what has to happen: the most severe that any of the failed checks asks for
   */
  record Invalid(List<Problem> problems, Remedy remedy) implements Finding {
    /** Keeps a copy; rejects an objection without a reason. */
    public Invalid {
      problems = List.copyOf(problems);
      requireNonNull(remedy, "remedy");
      Check.that(!problems.isEmpty(), "problems must hold at least 1 problem, held 0");
    }
  }

  /**
   * It could not be found out, through no fault of the answer: a judge was not to be reached, or a
   * check is broken. Costs the model no correction.
   *
   * @param why for people
   * @param remedy {@link Remedy#HUMAN} or {@link Remedy#FAIL}
   */
  record Inconclusive(String why, Remedy remedy) implements Finding {
    /** Rejects asking the model again for what is not its fault. */
    public Inconclusive {
      requireNonNull(why, "why");
      Check.that(remedy != Remedy.REASK, "remedy must be HUMAN or FAIL, was %s", remedy);
    }
  }

  /** The answer stands as it is. */
  static Finding valid(Answer answer) {
    return new Valid(answer, List.of());
  }

  /** The answer stands if nothing is wrong, else the model is to be asked again. */
  static Finding of(Answer answer, List<Problem> problems) {
    return problems.isEmpty() ? valid(answer) : new Invalid(problems, Remedy.REASK);
  }

  /** The model is to be asked again. */
  static Finding invalid(Problem... problems) {
    return new Invalid(List.of(problems), Remedy.REASK);
  }
}
