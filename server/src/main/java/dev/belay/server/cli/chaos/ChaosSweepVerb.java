package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay chaos sweep}: takes back what somebody has left in force. */
@Command(
    name = "sweep",
    description = "Take back all faults of one owner: a session, or whoever left them.",
    footer = {"", "Example:", "  belay chaos sweep 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11"})
final class ChaosSweepVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "OWNER", description = "Whose they are; a session owns its faults.")
  private String owner = "";

  ChaosSweepVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Control control = server.connect(belay.terminal())) {
      control.delete("/v1/policies?owner=" + Control.encode(owner));
    }
    belay.terminal().out().println("no fault of %s is in force".formatted(owner));
    return ExitCode.OK;
  }
}
