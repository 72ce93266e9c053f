package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay chaos run}: searches, and waits for the end. */
@Command(
    name = "run",
    description = {
      "Search a system for the faults that break it. It must stand under chaos.services of the",
      "server's belay.yaml. Without --space, what the traces show is searched."
    },
    footer = {"", "Example:", "  belay chaos run payment --trials 50"})
final class ChaosRunVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private SessionOptions session = new SessionOptions();

  @Option(names = "--no-wait", description = "Only begin, and print the id.")
  private boolean noWait;

  ChaosRunVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode body = session.body();
    try (Control control = server.connect(belay.terminal())) {
      JsonNode begun = control.post(ChaosSessions.PATH, body);
      return ChaosSessions.begun(belay, control, begun, noWait);
    }
  }
}
