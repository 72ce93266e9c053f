package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay chaos minimise}: boils plans down once more. */
@Command(
    name = "minimise",
    description = {
      "Boil down what a session found once more: each of its defects, or the plan of one trial.",
      "That is a session of its own, which tries nothing else."
    },
    footer = {"", "Example:", "  belay chaos minimise 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11"})
final class ChaosMinimiseVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "SESSION", description = "Its id; belay chaos list shows them.")
  private String session = "";

  @Option(names = "--trial", paramLabel = "N", description = "Only the plan of this trial.")
  private @Nullable Integer trial;

  @Option(names = "--no-wait", description = "Only begin, and print the id.")
  private boolean noWait;

  ChaosMinimiseVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    if (trial != null) {
      body.put("trial_id", trial);
    }
    try (Control control = server.connect(belay.terminal())) {
      String path = "%s/%s/minimise".formatted(ChaosSessions.PATH, Control.encode(session));
      return ChaosSessions.begun(belay, control, control.post(path, body), noWait);
    }
  }
}
