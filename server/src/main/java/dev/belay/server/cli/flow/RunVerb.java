package dev.belay.server.cli.flow;

import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.plan.PlanFile;
import dev.belay.flow.plan.PlanOutlook;
import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay run}: carries a plan out. */
@Command(
    name = "run",
    description = {
      "Carry out a plan: tasks for agents, each started when what it needs is done.",
      "Ctrl-C stops in good order, a second one at once; belay resume goes on."
    },
    footer = {
      "",
      "Ends with 0 if all is done, 1 if something is not, 2 if the plan is wrong, 130 if stopped.",
      "",
      "Example:",
      "  belay run --dry-run examples/release-notes.yaml",
      "  belay run examples/release-notes.yaml"
    })
final class RunVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(paramLabel = "PLAN", description = "A file of YAML.")
  private Path plan = Path.of("");

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      description = "Where the tasks work; here by default.")
  private Path directory = Path.of("");

  @Option(names = "--dry-run", description = "Say the order and the worst case; run nothing.")
  private boolean dry;

  @Option(names = "--plain", description = "Lines instead of a screen.")
  private boolean plain;

  @Option(names = "--quiet", description = "Without what the agents say.")
  private boolean quiet;

  RunVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan read = PlanFile.load(plan);
    if (dry) {
      OutlookText.print(belay, PlanOutlook.of(read), read);
      return ExitCode.OK;
    }
    try (FlowDesk desk = options.open(belay.terminal())) {
      String run = desk.engine().submit(read, directory.toAbsolutePath());
      return new RunFollower(belay, plain, quiet).follow(desk.engine(), run);
    } catch (PlanException wrong) {
      wrong.problems().forEach(problem -> belay.terminal().err().println("belay: " + problem));
      return ExitCode.USAGE;
    }
  }
}
