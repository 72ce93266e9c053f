package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code belay chaos export}: one defect, for others to see. */
@Command(
    name = "export",
    description = "Write down how one defect of a session is seen once more.",
    footer = {
      "",
      "Example:",
      "  belay chaos export 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11 1 --format curl -o again.sh"
    })
final class ChaosExportVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(
      index = "0",
      paramLabel = "SESSION",
      description = "Its id; belay chaos list shows them.")
  private String session = "";

  @Parameters(
      index = "1",
      paramLabel = "N",
      description = "Which of its defects, from 1; belay chaos report shows them in order.")
  private int number;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "policy",
      description = {
        "policy, curl, junit, chaostoolkit, toxiproxy or envoy;",
        "default: ${DEFAULT-VALUE}."
      })
  private String format = "";

  @Option(names = "-o", paramLabel = "FILE", description = "Write it there.")
  private @Nullable Path file;

  ChaosExportVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String text;
    try (Control control = server.connect(belay.terminal())) {
      text =
          control.text(
              "%s/%s/defects/%d".formatted(ChaosSessions.PATH, Control.encode(session), number),
              Map.of("format", format));
    }
    if (file != null) {
      Files.writeString(file, text);
      belay.terminal().out().println("written to " + file);
    } else if (belay.isJson()) {
      Json.print(
          belay.terminal(),
          JsonMapper.shared().createObjectNode().put("format", format).put("text", text));
    } else {
      belay.terminal().out().print(text);
      belay.terminal().out().flush();
    }
    return ExitCode.OK;
  }
}
