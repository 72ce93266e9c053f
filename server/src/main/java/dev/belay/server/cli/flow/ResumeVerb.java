package dev.belay.server.cli.flow;

import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay resume}: goes on with a run. */
@Command(
    name = "resume",
    description = {
      "Go on with a run that was interrupted, has failed or was cancelled.",
      "What is completed stays as it is."
    },
    footer = {"", "Example:", "  belay resume 261128-101500-1a2b"})
final class ResumeVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(paramLabel = "RUN", description = "Its id, as belay status shows it.")
  private String run = "";

  @Option(names = "--plain", description = "Lines instead of a screen.")
  private boolean plain;

  @Option(names = "--quiet", description = "Without what the agents say.")
  private boolean quiet;

  ResumeVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      desk.engine().resume(run);
      return new RunFollower(belay, plain, quiet).follow(desk.engine(), run);
    }
  }
}
