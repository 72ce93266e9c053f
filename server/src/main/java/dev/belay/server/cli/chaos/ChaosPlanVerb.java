package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay chaos plan}: what a session would try, without trying it. */
@Command(
    name = "plan",
    description = {
      "Show what a session would try first, which calls that would strike, and whether the guard",
      "would let it. No fault is put in force. The healthy system is asked once; with --space,",
      "nothing is asked at all."
    },
    footer = {"", "Example:", "  belay chaos plan payment --dry-run"})
final class ChaosPlanVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private SessionOptions session = new SessionOptions();

  @Option(names = "--dry-run", description = "Only show it; this verb never does anything else.")
  @SuppressWarnings("UnusedVariable") // for those who want to say it
  private boolean dryRun;

  ChaosPlanVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode body = session.body();
    JsonNode answer;
    try (Control control = server.connect(belay.terminal())) {
      answer = control.post("/v1/optimization/plans", body);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), answer);
    } else {
      print(answer);
    }
    return ExitCode.OK;
  }

  private void print(JsonNode answer) {
    Terminal terminal = belay.terminal();
    terminal
        .out()
        .println(
            answer.path("asked").isString()
                ? "%s was asked once: %s; its calls:"
                    .formatted(session.service(), answer.path("asked").stringValue())
                : "%s was not asked anything".formatted(session.service()));
    answer.path("calls").forEach(call -> terminal.out().println("  " + call.stringValue("")));
    Table table =
        new Table(
            terminal,
            Column.right("TRIAL"),
            Column.left("BY"),
            Column.left("FAULTS"),
            Column.left("STRIKES"),
            Column.left("GUARD"));
    for (JsonNode step : answer.path("plans")) {
      table.row(
          Cell.of(Integer.toString(step.path("trial_id").intValue(0))),
          Cell.of(step.path("arm").stringValue("")),
          Cell.of(ChaosSessions.faults(step.path("fault_plan"))),
          Cell.of(struck(step)),
          Cell.of(
              step.path("allowed").booleanValue(false)
                  ? "lets it in"
                  : step.path("refusal").stringValue("")));
    }
    table.print();
    Set<String> spared = spared(answer);
    if (!spared.isEmpty()) {
      terminal.out().println("never struck, with all below: " + String.join(", ", spared));
    }
    terminal
        .out()
        .println(
            "at the most %d s in all; no fault was put in force; the policies are in --json"
                .formatted(answer.path("worst_case_sec").longValue(0)));
  }

  /** The paths that each of the policies leaves alone. */
  private static Set<String> spared(JsonNode answer) {
    Set<String> spared = new LinkedHashSet<>();
    for (JsonNode step : answer.path("plans")) {
      for (JsonNode policy : step.path("policies")) {
        for (JsonNode rule : policy.at("/spec/rules")) {
          rule.at("/match/path/not").forEach(path -> spared.add(path.stringValue("")));
        }
      }
    }
    return spared;
  }

  private static String struck(JsonNode step) {
    StringBuilder text = new StringBuilder();
    for (JsonNode call : step.path("strikes")) {
      text.append(text.isEmpty() ? "" : ", ").append(call.stringValue(""));
    }
    return text.isEmpty() ? "nothing that is known" : text.toString();
  }
}
