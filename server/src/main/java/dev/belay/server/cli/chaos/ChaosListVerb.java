package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.remote.Control;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code belay chaos list}: the sessions. */
@Command(
    name = "list",
    description = "List sessions, the newest first.",
    footer = {"", "Example:", "  belay chaos list"})
final class ChaosListVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  ChaosListVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    JsonNode answer;
    try (Control control = server.connect(belay.terminal())) {
      answer = control.get(ChaosSessions.PATH, Map.of("limit", "1000"));
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), answer);
      return ExitCode.OK;
    }
    if (answer.path("sessions").isEmpty()) {
      belay.terminal().out().println("no session yet; begin one with: belay chaos run SERVICE");
      return ExitCode.OK;
    }
    Table table =
        new Table(
            belay.terminal(),
            Column.left("SESSION"),
            Column.left("SERVICE"),
            Column.left("STATE"),
            Column.right("TRIALS"),
            Column.right("FOUND"));
    for (JsonNode session : answer.path("sessions")) {
      table.row(
          Cell.of(session.path("session_id").stringValue("")),
          Cell.of(session.path("service_name").stringValue("")),
          Cell.of(session.path("status").stringValue("").toLowerCase(Locale.ROOT)),
          Cell.of(
              "%d/%d"
                  .formatted(
                      session.at("/progress/trials_completed").intValue(0),
                      session.at("/progress/max_trials").intValue(0))),
          Cell.of(Integer.toString(session.path("defects").size())));
    }
    table.print();
    return ExitCode.OK;
  }
}
