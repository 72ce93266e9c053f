package dev.belay.flow.run;

import dev.belay.flow.OutcomeClass;
import java.time.Duration;
import java.util.List;

/**
 * Decides how one step of a task goes on: whom to ask, how long to wait, when to stop. Does nothing
 * itself. For one thread.
 */
interface Course {

  /** What comes next. */
  sealed interface Next {}

  /** Ask this one, once there is a place. */
  record Ask(AgentEndpoint endpoint) implements Next {}

  /** An attempt has begun; settle it by {@link #after} or {@link #takeBack}. */
  record Begun() implements Next {}

  /** Wait, because all who could do it rest. */
  record Rest(Duration length, String why) implements Next {}

  /** Wait, because an attempt failed. */
  record Pause(Duration length, String why) implements Next {}

  /** It is done. */
  record Done() implements Next {}

  /** It is not to be done. */
  record Stop(String why) implements Next {}

  /**
   * Who is to be asked; changes nothing.
   *
   * @param able those whose accounts do not rest, the best first; at least one
   */
  Next choose(List<AgentEndpoint> able);

  /** Begins an attempt: {@link Begun}, or why not. */
  Next begin(AgentEndpoint endpoint);

  /**
   * After an attempt.
   *
   * @param able those whose accounts do not rest now
   */
  Next after(OutcomeClass outcome, List<AgentEndpoint> able);

  /** The attempt only found out that an account is used up; it counts for nothing. */
  void takeBack();
}
