package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code belay chaos}: searches of a running server for faults that break a system. */
@Command(
    name = "chaos",
    description = "Search a system for the faults that break it, and put faults in force by hand.",
    synopsisSubcommandLabel =
        "(run | plan | list | report | minimise | export | stop | sweep | halt | resume | policy"
            + " | plane)",
    footer = {"", "Example:", "  belay chaos run payment --trials 50", "  belay demo chaos"})
public final class ChaosVerb implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The verb with those below it.
   *
   * @param belay whose verb it becomes
   */
  public static CommandLine withVerbs(Program belay) {
    return new CommandLine(new ChaosVerb())
        .addSubcommand(new ChaosRunVerb(belay))
        .addSubcommand(new ChaosPlanVerb(belay))
        .addSubcommand(new ChaosListVerb(belay))
        .addSubcommand(new ChaosReportVerb(belay))
        .addSubcommand(new ChaosMinimiseVerb(belay))
        .addSubcommand(new ChaosExportVerb(belay))
        .addSubcommand(new ChaosStopVerb(belay))
        .addSubcommand(new ChaosSweepVerb(belay))
        .addSubcommand(new ChaosHaltVerb(belay))
        .addSubcommand(new ChaosResumeVerb(belay))
        .addSubcommand(FaultPolicyVerb.withVerbs(belay))
        .addSubcommand(new ChaosPlaneVerb(belay));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing verb: run, plan, list, report, minimise, export, stop, sweep, halt, resume, policy"
            + " or plane");
  }
}
