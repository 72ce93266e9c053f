package dev.belay.server.cli;

import dev.belay.server.cli.shared.Program;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code belay completion}: help for the shell. */
@Command(
    name = "completion",
    description = "Print a script with which bash and zsh complete verbs and options.",
    footer = {"", "Example:", "  source <(belay completion)"})
final class CompletionVerb implements Runnable {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public void run() {
    belay.terminal().out().println(AutoComplete.bash("belay", spec.root().commandLine()));
  }
}
