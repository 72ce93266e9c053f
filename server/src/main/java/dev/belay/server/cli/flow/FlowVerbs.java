package dev.belay.server.cli.flow;

import dev.belay.server.cli.shared.Program;
import java.util.List;

/** The verbs for runs of agents, which stand at the top of the command line. */
public final class FlowVerbs {
  private FlowVerbs() {}

  /**
   * In the order in which help lists them. A new one is added here.
   *
   * @param belay whose verbs they become
   */
  public static List<Object> all(Program belay) {
    return List.of(
        new RunVerb(belay),
        new ResumeVerb(belay),
        new RetryVerb(belay),
        new StatusVerb(belay),
        new LogsVerb(belay),
        new CancelVerb(belay),
        new AnswerVerb(belay),
        new CooldownsVerb(belay));
  }
}
