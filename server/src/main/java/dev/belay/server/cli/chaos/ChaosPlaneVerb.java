package dev.belay.server.cli.chaos;

import dev.belay.Time;
import dev.belay.chaos.inject.plane.FaultFronts;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.inject.plane.PlaneSettings;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.ChaosConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay chaos plane}: fault proxies in a process of their own, beside the services. */
@Command(
    name = "plane",
    description = {
      "Open the fault proxies of a file (chaos.fronts) in a process of their own, until stopped.",
      "They hear from the server at --url which faults are in force, outlive it, and strike nothing"
          + " once it was silent for longer than chaos.lease."
    },
    footer = {"", "Example:", "  belay chaos plane -c fronts.yaml --url http://127.0.0.1:8080"})
final class ChaosPlaneVerb implements Callable<Integer> {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "Says chaos.fronts, and chaos.lease if it is not 15s.")
  private Path file = Path.of("");

  @Option(
      names = "--id",
      paramLabel = "NAME",
      defaultValue = "belay-plane",
      description = "Its name, another one for each data plane; ${DEFAULT-VALUE} if not said.")
  private String id = "";

  ChaosPlaneVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ChaosConfig config = BelayConfig.load(file, belay.terminal().environment()).chaos();
    PlaneSettings settings = settings(config.fronts());
    CountDownLatch told = new CountDownLatch(1);
    try (FaultFronts fronts =
        FaultFronts.open(
            settings, server.control(belay.terminal()), config.executor().lease(), Time.system())) {
      ready(config.fronts(), fronts.ports());
      Runtime.getRuntime().addShutdownHook(new Thread(told::countDown, "belay-stop"));
      told.await();
    }
    return ExitCode.OK;
  }

  private PlaneSettings settings(List<Front> fronts) {
    try {
      return PlaneSettings.of(id, fronts);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          spec.commandLine(),
          fronts.isEmpty()
              ? "%s has no chaos.fronts: say which services are called through which ports"
                  .formatted(file)
              : "--id: " + wrong.getMessage());
    }
  }

  private void ready(List<Front> fronts, List<Integer> ports) {
    PrintWriter out = belay.terminal().out();
    if (belay.isJson()) {
      ObjectNode tree = JsonMapper.shared().createObjectNode().put("ready", true);
      ArrayNode all = tree.putArray("fronts");
      for (int i = 0; i < ports.size(); i++) {
        all.addObject()
            .put("service", fronts.get(i).service())
            .put("caller", fronts.get(i).caller().orElse(""))
            .put("port", ports.get(i));
      }
      out.println(tree);
    } else {
      out.println(
          IntStream.range(0, ports.size())
              .mapToObj(i -> "%s at 127.0.0.1:%d".formatted(fronts.get(i).service(), ports.get(i)))
              .collect(Collectors.joining(", ", "ready  ", "")));
    }
    out.flush();
  }
}
