package dev.belay.flow.backend;

/**
 * Hears what happens during one attempt, one call after the other, on threads of the backend. It
 * must return soon: the agent waits for it.
 */
public interface AgentListener {

  /** Hears nothing. */
  AgentListener NONE = new AgentListener() {};

  /**
   * The conversation may exist from now on, whatever becomes of the attempt. Called before anything
   * is sent if the backend chooses the id, and as soon as the agent tells it otherwise.
   */
  default void session(String id) {}

  /**
   * The agent said something, or did: one line for people, without its end.
   *
   * @param line at most {@value #LONGEST_LINE} characters; the rest of a longer one is left out
   */
  default void line(String line) {}

  /** Longest line that is handed on. */
  int LONGEST_LINE = 4_096;
}
