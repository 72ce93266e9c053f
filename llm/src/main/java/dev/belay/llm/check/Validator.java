package dev.belay.llm.check;

import java.util.Optional;

/**
 * A check of an answer. Keeps nothing from one answer to the next; safe for any number of threads.
 *
 * <p>Several become one by {@link Groups}; the built-in ones are made by {@link Validators}.
 */
public interface Validator {

  /** By which problems, reports and metrics call it, such as {@code schema}. */
  String name();

  /**
   * Looks at an answer.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for a judge
   */
  Finding check(Answer answer, CheckContext context) throws InterruptedException;

  /** What {@link #check} costs; dear ones run last in a {@link Groups#firstFailure} group. */
  default Cost cost() {
    return Cost.CHEAP;
  }

  /** An invalid answer put right without the model, if that can be done; see {@link OnFail#FIX}. */
  default Optional<Answer> fix(Answer answer) {
    return Optional.empty();
  }

  /** An invalid answer without what is wrong in it; see {@link OnFail#FILTER}. */
  default Optional<Answer> filter(Answer answer) {
    return Optional.empty();
  }
}
