package dev.belay.flow.backend;

import java.util.List;
import java.util.Optional;

/**
 * How the command line of one agent is called, and what it says. Safe for any number of threads.
 */
interface Dialect {
  /** Its program, unless the settings name another. */
  String program();

  /** How to get it, for people. */
  String install();

  /** How to log in, for people. */
  String login();

  /** A new conversation: with an id if we choose it. */
  Conversation fresh();

  /**
   * The arguments of a call.
   *
   * @param model which to use, if it is not for the agent to choose
   * @param more what the settings add
   */
  List<String> arguments(
      AgentCall call, Conversation conversation, Optional<String> model, List<String> more);

  /** What goes to its standard input. */
  default String input(AgentCall call) {
    return call.prompt();
  }

  /** Listens to one start of it. */
  Speech speech(AgentListener listener);

  /**
   * A conversation with an agent. Immutable.
   *
   * @param id empty if the agent is yet to tell
   * @param exists whether it may have heard something
   */
  record Conversation(Optional<String> id, boolean exists) {}
}
