package dev.belay.server.cli;

import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code belay chaos report}: what a session came to. */
@Command(
    name = "report",
    description = "Say what a session came to, or how far it is.",
    footer = {"", "Example:", "  belay chaos report 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11"})
final class ChaosReportVerb implements Callable<Integer> {
  private final Main belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "SESSION", description = "Its id; belay chaos list shows them.")
  private String session = "";

  ChaosReportVerb(Main belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    JsonNode view;
    try (Control control = server.connect(belay.terminal())) {
      view = ChaosSessions.view(control, session);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), view);
    } else {
      belay.terminal().out().println(ChaosSessions.text(view));
    }
    return Main.OK;
  }
}
