package dev.belay.server.cli.flow;

import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay cancel}: stops a run or a task. */
@Command(
    name = "cancel",
    description = {
      "Stop a run, or one of its tasks, whatever process carries it out.",
      "Agents are told to end, and killed if they do not."
    },
    footer = {
      "",
      "Example:",
      "  belay cancel 261128-101500-1a2b",
      "  belay cancel 261128-101500-1a2b build"
    })
final class CancelVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "Its id, as belay status shows it.")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TASK",
      description = "Its id in the plan; the whole run without it.")
  private @Nullable String task;

  CancelVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      String what;
      if (task == null) {
        desk.engine().cancel(run);
        what = "run " + run;
      } else {
        desk.engine().cancel(run, task);
        what = "task %s of run %s".formatted(task, run);
      }
      if (belay.isJson()) {
        belay.terminal().out().println("{\"cancelled\":true}");
      } else {
        belay.terminal().out().println(what + " is told to stop");
      }
      return ExitCode.OK;
    }
  }
}
