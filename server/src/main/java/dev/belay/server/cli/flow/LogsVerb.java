package dev.belay.server.cli.flow;

import dev.belay.Time;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunView;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.run.LocalEngine;
import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay logs}: what the agents of a task say. */
@Command(
    name = "logs",
    description = "Show what the agents of a task said, and with -f what they say.",
    footer = {"", "Example:", "  belay logs -f 261128-101500-1a2b build"})
final class LogsVerb implements Callable<Integer> {
  private static final int ALL = 1_000_000;
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "Its id, as belay status shows it.")
  private String run = "";

  @Parameters(index = "1", paramLabel = "TASK", description = "Its id in the plan.")
  private String task = "";

  @Option(names = "-n", paramLabel = "LINES", description = "The last so many; 200 by default.")
  private int lines = 200;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the task is over.")
  private boolean follow;

  LogsVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      LocalEngine engine = desk.engine();
      boolean over = isOver(engine);
      List<String> all = engine.log(run, task, ALL);
      print(all.subList(Math.max(0, all.size() - lines), all.size()));
      while (follow && !over) {
        Time.system().sleep(LOOK.toNanos());
        over = isOver(engine);
        List<String> more = engine.log(run, task, ALL);
        print(more.subList(Math.min(all.size(), more.size()), more.size()));
        all = more;
      }
      return ExitCode.OK;
    }
  }

  private void print(List<String> some) {
    some.forEach(line -> belay.terminal().out().println(line));
    belay.terminal().out().flush();
  }

  private boolean isOver(LocalEngine engine) {
    RunView view =
        engine
            .view(run)
            .orElseThrow(() ->
                new RunRefused(
                    RunRefused.Reason.UNKNOWN,
                    "there is no run %s; belay status lists them".formatted(run)));
    TaskStatus status =
        view.tasks().stream()
            .filter(one -> one.task().equals(task))
            .findFirst()
            .orElseThrow(() ->
                new RunRefused(
                    RunRefused.Reason.UNKNOWN,
                    "run %s has no task %s; it has %s"
                        .formatted(run, task, String.join(", ", view.plan().order()))));
    return status.state().isOver() || view.run().state().isOver();
  }
}
