package dev.belay.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "belay",
    subcommands = {ServeCommand.class, DemoCommand.class})
public final class Main {
  @Option(names = "--json", scope = CommandLine.ScopeType.INHERIT)
  private boolean json;

  private Main() {}

  static boolean isJson(CommandSpec spec) {
    return spec.root().userObject() instanceof Main main && main.json;
  }

  /** Runs a verb. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
