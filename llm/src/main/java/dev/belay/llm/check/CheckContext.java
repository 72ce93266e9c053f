package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Deadline;

/**
 * What a check needs to know of the call it is part of. Handed down by value, so that a judge that
 * calls a model, whose answer is checked in turn, knows how deep it is and what is left. Immutable.
 *
 * @param attemptsMade answers that came so far, this one included; 1 or more
 * @param depth 0 for the answer to the caller, 1 for the verdict of a judge on it, and so on
 * @param deadline of the whole call
 * @param budget of the whole call
 * @param readings of the answer, shared by the validators that look into it
 */
public record CheckContext(
    int attemptsMade, int depth, Deadline deadline, SharedBudget budget, Readings readings) {

  /** The first answer, without limits. */
  public static final CheckContext FIRST =
      new CheckContext(1, 0, Deadline.NEVER, SharedBudget.UNLIMITED, Readings.NONE);

  /** Rejects counts that cannot be. */
  public CheckContext {
    Check.that(attemptsMade >= 1, "attemptsMade must be 1 or more, was %d", attemptsMade);
    Check.that(depth >= 0, "depth must be 0 or more, was %d", depth);
    requireNonNull(deadline, "deadline");
    requireNonNull(budget, "budget");
    requireNonNull(readings, "readings");
  }

  /** For an answer that nobody has looked into yet. */
  public CheckContext(int attemptsMade, int depth, Deadline deadline, SharedBudget budget) {
    this(attemptsMade, depth, deadline, budget, new Readings());
  }

  /** For what happens inside this check: one level deeper, with the same deadline and budget. */
  public CheckContext deeper() {
    return new CheckContext(1, depth + 1, deadline, budget);
  }
}
