package dev.belay.flow.backend;

/**
 * Makes attempts at tasks. Safe for any number of threads: keeps nothing of one attempt for the
 * next.
 */
public interface Backend {

  /** Its name in plans, metrics and messages; holds no secret. */
  String name();

  /**
   * Whose allowance it uses. Backends of one account are limited together; by default each has its
   * own.
   */
  default String account() {
    return name();
  }

  /**
   * Makes one attempt, on the calling thread, and waits for its end. When this returns or throws,
   * nothing of it is running any more.
   *
   * @param listener hears what happens meanwhile
   * @return what the agent answered
   * @throws AgentException if it did not do what was asked
   * @throws InterruptedException if the thread was interrupted; the program has then been told to
   *     end, and killed if it did not
   */
  AgentReply send(AgentCall call, AgentListener listener)
      throws AgentException, InterruptedException;
}
