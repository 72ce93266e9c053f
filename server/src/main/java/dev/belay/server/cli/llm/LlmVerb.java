package dev.belay.server.cli.llm;

import dev.belay.server.cli.shared.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code belay llm}: calls to models. */
@Command(
    name = "llm",
    description = "Call models, and look into calls that were made.",
    synopsisSubcommandLabel = "(call | replay)",
    footer = {
      "",
      "Example:",
      "  belay llm call -c belay.yaml --route smart 'Name a river'",
      "  belay llm replay transcripts --preset batch"
    })
public final class LlmVerb implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The verb with those below it.
   *
   * @param belay whose verb it becomes
   */
  public static CommandLine withVerbs(Program belay) {
    return new CommandLine(new LlmVerb())
        .addSubcommand(new LlmCallVerb(belay))
        .addSubcommand(new LlmReplayVerb(belay));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb: call or replay");
  }
}
