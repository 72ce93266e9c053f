package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;

/** {@code belay chaos resume}: the end of a halt. */
@Command(
    name = "resume",
    description = "Let faults in again after a halt.",
    footer = {"", "Example:", "  belay chaos resume"})
final class ChaosResumeVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  ChaosResumeVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Control control = server.connect(belay.terminal())) {
      var unused = control.post("/v1/resume", JsonMapper.shared().createObjectNode());
    }
    belay.terminal().out().println("faults may be put in force again");
    return ExitCode.OK;
  }
}
