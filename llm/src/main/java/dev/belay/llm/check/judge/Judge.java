package dev.belay.llm.check.judge;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.CheckContext;

/**
 * Asks a model for a verdict. What it asks goes through the same gate, deadline and budget as the
 * call whose answer is judged; {@code context} carries them. Safe for any number of threads.
 */
@FunctionalInterface
public interface Judge {

  /**
   * What the model answers: JSON of the form that the request asks for. Whatever else comes back
   * counts as no verdict, and so does any exception: neither says anything of the judged answer.
   *
   * @param context one level deeper than the answer that is judged
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  String ask(LlmRequest request, CheckContext context) throws InterruptedException;
}
