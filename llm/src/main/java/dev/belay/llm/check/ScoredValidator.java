package dev.belay.llm.check;

/** A validator that can say how good an answer is, not only whether it stands. */
public interface ScoredValidator extends Validator {

  /**
   * Looks at an answer.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for a judge
   */
  Rating rate(Answer answer, CheckContext context) throws InterruptedException;

  @Override
  default Finding check(Answer answer, CheckContext context) throws InterruptedException {
    return rate(answer, context).finding();
  }
}
