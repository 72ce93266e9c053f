package dev.belay.server.cli.flow;

import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay retry}: does one task once more. */
@Command(
    name = "retry",
    description = "Do one task of a run once more, and what could not be done without it.",
    footer = {"", "Example:", "  belay retry 261128-101500-1a2b build"})
final class RetryVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "Its id, as belay status shows it.")
  private String run = "";

  @Parameters(index = "1", paramLabel = "TASK", description = "Its id in the plan.")
  private String task = "";

  @Option(names = "--plain", description = "Lines instead of a screen.")
  private boolean plain;

  @Option(names = "--quiet", description = "Without what the agents say.")
  private boolean quiet;

  RetryVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      desk.engine().retry(run, task);
      return new RunFollower(belay, plain, quiet).follow(desk.engine(), run);
    }
  }
}
