package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;

/** {@code belay chaos halt}: takes back everything. */
@Command(
    name = "halt",
    description = "Take all faults back at once, and let no new ones in until chaos resume.",
    footer = {"", "Example:", "  belay chaos halt"})
final class ChaosHaltVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  ChaosHaltVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Control control = server.connect(belay.terminal())) {
      var unused = control.post("/v1/halt", JsonMapper.shared().createObjectNode());
    }
    belay
        .terminal()
        .out()
        .println("no fault is in force, and none comes in; go on with: belay chaos resume");
    return ExitCode.OK;
  }
}
