package dev.belay.server.cli.proxy;

import dev.belay.server.cli.shared.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code belay proxy}: the pool of a running server, and proxies that are not in it yet. */
@Command(
    name = "proxy",
    description = "Look at the proxies of a running server, change them, check them.",
    synopsisSubcommandLabel = "(list | add | remove | test | stats | import)",
    footer = {"", "Example:", "  belay proxy list --sort=-score"})
public final class ProxyVerb implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The verb with those below it.
   *
   * @param belay whose verb it becomes
   */
  public static CommandLine withVerbs(Program belay) {
    return new CommandLine(new ProxyVerb())
        .addSubcommand(new ProxyListVerb(belay))
        .addSubcommand(new ProxyAddVerb(belay))
        .addSubcommand(new ProxyRemoveVerb(belay))
        .addSubcommand(new ProxyTestVerb(belay))
        .addSubcommand(new ProxyStatsVerb(belay))
        .addSubcommand(new ProxyImportVerb(belay));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing verb: list, add, remove, test, stats or import");
  }
}
