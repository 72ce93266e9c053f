package dev.belay.server.cli.chaos;

import dev.belay.server.cli.shared.ExitCode;
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

/** {@code belay chaos report}: what a session came to. */
@Command(
    name = "report",
    description = "Say what a session came to, or how far it is.",
    footer = {
      "",
      "Example:",
      "  belay chaos report 0b7c9d1e-5d5e-4a53-9c1b-3f0f3f6f5a11 --format html -o r.html"
    })
final class ChaosReportVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "SESSION", description = "Its id; belay chaos list shows them.")
  private String session = "";

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text, json, markdown or html; default: ${DEFAULT-VALUE}.")
  private String format = "";

  @Option(names = "-o", paramLabel = "FILE", description = "Write it there.")
  private @Nullable Path file;

  ChaosReportVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String text;
    try (Control control = server.connect(belay.terminal())) {
      String path = ChaosSessions.PATH + "/" + Control.encode(session);
      if (belay.isJson()) {
        text = control.get(path, Map.of()).toPrettyString();
      } else if (format.equals("text")) {
        text = ChaosSessions.text(ChaosSessions.view(control, session));
      } else {
        text = control.text(path + "/report", Map.of("format", format));
      }
    }
    if (file == null) {
      belay.terminal().out().println(text);
    } else {
      Files.writeString(file, text);
      belay.terminal().out().println("written to " + file);
    }
    return ExitCode.OK;
  }
}
