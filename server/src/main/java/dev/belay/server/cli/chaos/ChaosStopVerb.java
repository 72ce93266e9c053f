package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay chaos stop}: ends a session. */
@Command(
    name = "stop",
    description = "End a session after the trial that runs, or at once.",
    footer = {"", "Example:", "  belay chaos stop 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11 --now"})
final class ChaosStopVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "SESSION", description = "Its id; belay chaos list shows them.")
  private String session = "";

  @Option(names = "--now", description = "Take the faults back at once.")
  private boolean now;

  @Option(names = "--reason", defaultValue = "", description = "For those who look later.")
  private String reason = "";

  ChaosStopVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("reason", reason);
    JsonNode answer;
    try (Control control = server.connect(belay.terminal())) {
      answer =
          control.post(
              "%s/%s/%s"
                  .formatted(ChaosSessions.PATH, Control.encode(session), now ? "abort" : "stop"),
              body);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), answer);
    } else {
      belay.terminal().out().println("session %s ends".formatted(session));
    }
    return ExitCode.OK;
  }
}
