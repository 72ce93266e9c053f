package dev.belay.flow.backend;

import dev.belay.flow.Spend;
import java.util.Optional;

/** What an agent says while it runs. For one thread. */
interface Speech {

  /** Takes a line of its standard output; whatever it is, this does not fail. */
  void line(String line);

  /** Its answer, if it has given one. Called when it has ended. */
  Optional<String> answer();

  /** What it says went wrong. */
  Optional<Trouble> trouble();

  /** By which the conversation can be carried on, if it says so itself. */
  Optional<String> session();

  /** What it has used up, as far as it says. */
  Spend spend();

  /**
   * What went wrong, in an agent's words. Immutable.
   *
   * @param status of HTTP, from its provider; 0 if it does not say
   * @param byAgent whether the agent worked and could not do it; otherwise the words may tell of
   *     its provider or of how it was called
   * @param limit until when its account may do nothing, if it says so in a field
   */
  record Trouble(String words, int status, boolean byAgent, Optional<UsageLimit> limit) {}
}
