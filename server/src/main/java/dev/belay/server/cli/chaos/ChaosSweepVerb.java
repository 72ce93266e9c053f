package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code belay chaos sweep}: takes back what somebody has left in force. */
@Command(
    name = "sweep",
    description = {
      "Take back what was left in force, at the executor of the configuration, too: what sessions",
      "that are over have left, or all faults of one owner."
    },
    footer = {"", "Example:", "  belay chaos sweep 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11"})
final class ChaosSweepVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "OWNER",
      description = "Whose they are; a session owns its faults.")
  private String owner = "";

  ChaosSweepVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    String path = owner.isEmpty() ? "/v1/sweep" : "/v1/sweep?owner=" + Control.encode(owner);
    JsonNode answer;
    try (Control control = server.connect(belay.terminal())) {
      answer = control.post(path, JsonMapper.shared().createObjectNode());
    }
    String whose =
        owner.isEmpty()
            ? "the %d sessions that are over".formatted(answer.path("swept").size())
            : owner;
    belay.terminal().out().println("no fault of %s is in force".formatted(whose));
    return ExitCode.OK;
  }
}
