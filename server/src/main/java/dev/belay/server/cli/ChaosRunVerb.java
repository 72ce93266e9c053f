package dev.belay.server.cli;

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

/** {@code belay chaos run}: searches, and waits for the end. */
@Command(
    name = "run",
    description = {
      "Search a system for the faults that break it. It must stand under chaos.services of the",
      "server's belay.yaml. Without --space, what the traces show is searched."
    },
    footer = {"", "Example:", "  belay chaos run payment --trials 50"})
final class ChaosRunVerb implements Callable<Integer> {
  private final Main belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "SERVICE", description = "The service that is asked.")
  private String service = "";

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

  @Option(names = "--seed", description = "The same seed and the same system give the same trials.")
  private @Nullable Long seed;

  @Option(
      names = "--space",
      paramLabel = "FILE",
      description = "Dimensions of one fault, as YAML or JSON.")
  private @Nullable Path space;

  @Option(names = "--fresh", description = "Do not begin with what earlier sessions found.")
  private boolean fresh;

  @Option(names = "--no-wait", description = "Only begin, and print the id.")
  private boolean noWait;

  ChaosRunVerb(Main belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("service_name", service).put("max_trials", trials).put("time_budget_sec", budget);
    if (seed != null) {
      body.put("seed", seed);
    }
    if (fresh) {
      body.put("warm_start", false);
    }
    if (space != null) {
      body.set("search_space", ChaosSessions.document(space));
    }
    try (Control control = server.connect(belay.terminal())) {
      String id = control.post(ChaosSessions.PATH, body).path("session_id").stringValue("");
      if (noWait) {
        belay.terminal().out().println(id);
        return Main.OK;
      }
      JsonNode view = ChaosSessions.follow(belay.terminal(), control, id);
      if (belay.isJson()) {
        Json.print(belay.terminal(), view);
      } else {
        belay.terminal().out().println(ChaosSessions.text(view));
      }
      return view.path("status").stringValue("").equals("COMPLETED") ? Main.OK : Main.FAILED;
    }
  }
}
