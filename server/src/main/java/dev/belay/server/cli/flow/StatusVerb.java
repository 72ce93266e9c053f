package dev.belay.server.cli.flow;

import dev.belay.Time;
import dev.belay.flow.Question;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay status}: runs, or the tasks of one. */
@Command(
    name = "status",
    description = "List runs, or show how the tasks of one stand.",
    footer = {"", "Example:", "  belay status", "  belay status 261128-101500-1a2b"})
final class StatusVerb implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "All runs without it.")
  private @Nullable String run;

  @Option(names = "-n", paramLabel = "COUNT", description = "The newest so many; 20 by default.")
  private int most = 20;

  StatusVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      if (run == null) {
        runs(desk.engine());
        return ExitCode.OK;
      }
      RunView view =
          desk.engine()
              .view(run)
              .orElseThrow(() ->
                  new RunRefused(
                      RunRefused.Reason.UNKNOWN,
                      "there is no run %s; belay status lists them".formatted(run)));
      if (belay.isJson()) {
        json(view);
      } else {
        text(view, Time.system().instant());
      }
      return ExitCode.OK;
    }
  }

  private void runs(RunEngine engine) {
    List<RunStatus> all = engine.runs(most);
    Map<String, Map<TaskState, Integer>> tallies =
        engine.tallies(all.stream().map(RunStatus::run).toList());
    if (belay.isJson()) {
      ArrayNode array = JSON.createArrayNode();
      for (RunStatus status : all) {
        ObjectNode node = array.addObject();
        put(node, status);
        ObjectNode tasks = node.putObject("tasks");
        tallies
            .getOrDefault(status.run(), Map.of())
            .forEach((state, count) -> tasks.put(RunWords.lower(state), count));
      }
      belay.terminal().out().println(array);
      return;
    }
    if (all.isEmpty()) {
      belay.terminal().out().println("no run yet; begin one with: belay run PLAN");
      return;
    }
    Table table =
        new Table(
            belay.terminal(),
            Table.Column.left("RUN"),
            Table.Column.left("PLAN"),
            Table.Column.left("STATE"),
            Table.Column.right("DONE"),
            Table.Column.right("TOOK"),
            Table.Column.left("WHY"));
    Instant now = Time.system().instant();
    for (RunStatus status : all) {
      table.row(
          Table.Cell.of(status.run()),
          Table.Cell.of(status.name()),
          new Table.Cell(RunWords.lower(status.state()), RunWords.style(status.state())),
          Table.Cell.of(done(tallies.getOrDefault(status.run(), Map.of()))),
          Table.Cell.of(
              RunWords.length(Duration.between(status.started(), status.ended().orElse(now)))),
          Table.Cell.of(status.why()));
    }
    table.print();
  }

  private static String done(Map<TaskState, Integer> tally) {
    int all = tally.values().stream().mapToInt(Integer::intValue).sum();
    return "%d/%d".formatted(tally.getOrDefault(TaskState.COMPLETED, 0), all);
  }

  private static void put(ObjectNode node, RunStatus status) {
    node.put("run", status.run());
    node.put("name", status.name());
    node.put("state", RunWords.lower(status.state()));
    node.put("why", status.why());
    node.put("directory", status.directory());
    node.put("started", status.started().toString());
    status.ended().ifPresent(end -> node.put("ended", end.toString()));
    node.put("cost", status.spend().cost());
    node.put("tokens", status.spend().tokens());
  }

  private void json(RunView view) {
    ObjectNode node = JSON.createObjectNode();
    put(node, view.run());
    ArrayNode tasks = node.putArray("tasks");
    for (TaskStatus task : view.tasks()) {
      ObjectNode one = tasks.addObject();
      one.put("task", task.task());
      JsonRunPrinter.put(one, task);
    }
    belay.terminal().out().println(node);
  }

  private void text(RunView view, Instant now) {
    Terminal terminal = belay.terminal();
    RunStatus status = view.run();
    terminal
        .out()
        .println(
            "%s  %s  %s  %s"
                .formatted(
                    status.name(),
                    status.run(),
                    terminal.styled(RunWords.style(status.state()), RunWords.lower(status.state())),
                    RunWords.spend(status.spend())));
    Table table =
        new Table(
            terminal,
            Table.Column.left("TASK"),
            Table.Column.left("STATE"),
            Table.Column.right("TOOK"),
            Table.Column.right("ATTEMPTS"),
            Table.Column.left("WHY"));
    for (TaskStatus task : view.tasks()) {
      table.row(
          Table.Cell.of(task.task()),
          new Table.Cell(RunWords.lower(task.state()), RunWords.style(task.state())),
          Table.Cell.of(RunWords.took(task, now)),
          Table.Cell.of("" + task.attempts()),
          Table.Cell.of(RunWords.detail(task, now)));
    }
    table.print();
    for (Question question : view.questions()) {
      if (question.answer().isEmpty()) {
        terminal
            .out()
            .println(
                "? %s asks: %s%n  belay answer %s %s %d 'TEXT'"
                    .formatted(
                        question.task(),
                        question.text(),
                        status.run(),
                        question.task(),
                        question.number()));
      }
    }
    terminal.out().println(RunWords.end(status));
  }
}
