package dev.belay.server.cli.llm;

import dev.belay.server.cli.shared.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code belay reviews}: calls of a running server that wait for a person. */
@Command(
    name = "reviews",
    description = "Look at calls to models that wait for a person, and decide them.",
    synopsisSubcommandLabel = "(list | show | approve | edit | retry | reject)",
    footer = {"", "Example:", "  belay reviews list"})
public final class ReviewsVerb implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The verb with those below it.
   *
   * @param belay whose verb it becomes
   */
  public static CommandLine withVerbs(Program belay) {
    return new CommandLine(new ReviewsVerb())
        .addSubcommand(new ReviewsListVerb(belay))
        .addSubcommand(new ReviewsShowVerb(belay))
        .addSubcommand(new ReviewsApproveVerb(belay))
        .addSubcommand(new ReviewsEditVerb(belay))
        .addSubcommand(new ReviewsRetryVerb(belay))
        .addSubcommand(new ReviewsRejectVerb(belay));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing verb: list, show, approve, edit, retry or reject");
  }
}
