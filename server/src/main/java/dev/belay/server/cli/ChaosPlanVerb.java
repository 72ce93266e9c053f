package dev.belay.server.cli;

import dev.belay.server.cli.Table.Cell;
import dev.belay.server.cli.Table.Column;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
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
  private final Main belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "SERVICE", description = "The service that would be asked.")
  private String service = "";

  @Option(names = "--dry-run", description = "Only show it; this verb never does anything else.")
  @SuppressWarnings("UnusedVariable") // for those who want to say it
  private boolean dryRun;

  @Option(
      names = "--trials",
      defaultValue = "100",
      description = "1 to 1000; default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--budget",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "60 to 86400; default: ${DEFAULT-VALUE}.")
  private int budget;

  @Option(names = "--seed", description = "That of the session; default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--space",
      paramLabel = "FILE",
      description = "Dimensions of one fault, as YAML or JSON.")
  private @Nullable Path space;

  ChaosPlanVerb(Main belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("service_name", service).put("max_trials", trials).put("time_budget_sec", budget);
    body.put("seed", seed);
    if (space != null) {
      body.set("search_space", ChaosSessions.document(space));
    }
    JsonNode answer;
    try (Control control = server.connect(belay.terminal())) {
      answer = control.post("/v1/optimization/plans", body);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), answer);
    } else {
      print(answer);
    }
    return Main.OK;
  }

  private void print(JsonNode answer) {
    Terminal terminal = belay.terminal();
    terminal
        .out()
        .println(
            answer.path("asked").isString()
                ? "%s was asked once: %s; its calls:"
                    .formatted(service, answer.path("asked").stringValue())
                : "%s was not asked anything".formatted(service));
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
    terminal
        .out()
        .println(
            "at the most %d s in all; no fault was put in force; the policies are in --json"
                .formatted(answer.path("worst_case_sec").longValue(0)));
  }

  private static String struck(JsonNode step) {
    StringBuilder text = new StringBuilder();
    for (JsonNode call : step.path("strikes")) {
      text.append(text.isEmpty() ? "" : ", ").append(call.stringValue(""));
    }
    return text.isEmpty() ? "nothing that is known" : text.toString();
  }
}
