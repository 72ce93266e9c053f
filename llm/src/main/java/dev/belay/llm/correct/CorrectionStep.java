package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import java.util.List;

/** What is to be done next. Immutable. */
public sealed interface CorrectionStep {

  /**
   * Ask for an answer, and tell {@link CorrectionMachine#answered}.
   *
   * @param attempt which answer it is, counted from 1
   * @param stage how much help goes with it
   */
  record Ask(LlmRequest request, int attempt, Stage stage) implements CorrectionStep {
    /** Rejects null. */
    public Ask {
      requireNonNull(request, "request");
      requireNonNull(stage, "stage");
    }
  }

  /** Check an answer, and tell {@link CorrectionMachine#checked}. */
  record Examine(Answer answer) implements CorrectionStep {
    /** Rejects null. */
    public Examine {
      requireNonNull(answer, "answer");
    }
  }

  /** Wait, then go on with {@link CorrectionMachine#resume}. */
  record Pause(long nanos) implements CorrectionStep {}

  /** Leave it to a person. */
  record Park(String reason) implements CorrectionStep {
    /** Rejects null. */
    public Park {
      requireNonNull(reason, "reason");
    }
  }

  /** The answer stands. */
  record Done(Answer answer, List<Problem> warnings) implements CorrectionStep {
    /** Keeps a copy. */
    public Done {
      requireNonNull(answer, "answer");
      warnings = List.copyOf(warnings);
    }
  }

  /** There will be no answer that stands. */
  record Stop(Reason reason, String why) implements CorrectionStep {
    /** Rejects null. */
    public Stop {
      requireNonNull(reason, "reason");
      requireNonNull(why, "why");
    }
  }

  /** Why a call ends without an answer that stands. */
  enum Reason {
    /** As many answers were asked for as may be. */
    EXHAUSTED,
    /** A check says that asking again is of no use. */
    REJECTED,
    /** It could not be found out whether the answer stands. */
    UNCHECKED,
    /** The model says the same again and again. */
    NO_PROGRESS,
    /** The answer is cut, and was again with more room. */
    TRUNCATED,
    /** The provider's filter, or the model itself, held the answer back. */
    BLOCKED,
    /** The wait before the next answer does not fit before the deadline. */
    DEADLINE
  }
}
