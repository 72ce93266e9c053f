package dev.belay.server.cli;

import dev.belay.server.FlowDesk;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay resume}: goes on with a run. */
@Command(
    name = "resume",
    description = {
      "Go on with a run that was interrupted, has failed or was cancelled.",
      "What is completed stays as it is; with --task, that task is done once more."
    },
    footer = {"", "Example:", "  belay resume 261128-101500-1a2b"})
final class ResumeVerb implements Callable<Integer> {
  private final Main belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(paramLabel = "RUN", description = "Its id, as belay status shows it.")
  private String run = "";

  @Option(names = "--task", paramLabel = "TASK", description = "Only this one, and what needs it.")
  private @Nullable String task;

  @Option(names = "--plain", description = "Lines instead of a screen.")
  private boolean plain;

  @Option(names = "--quiet", description = "Without what the agents say.")
  private boolean quiet;

  ResumeVerb(Main belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      if (task == null) {
        desk.engine().resume(run);
      } else {
        desk.engine().retry(run, task);
      }
      return new RunFollower(belay, plain, quiet).follow(desk.engine(), run);
    }
  }
}
