package dev.belay.server.cli.llm;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code belay reviews show}: one call, with all that is needed to decide it. */
@Command(
    name = "show",
    description = "Show a call that waits for a person: question, answer, and what is wrong.",
    footer = {"", "Example:", "  belay reviews show rev-0123456789abcdef0123456789abcdef"})
final class ReviewsShowVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "TICKET", description = "As `belay reviews list` shows it.")
  private String ticket = "";

  ReviewsShowVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    JsonNode review;
    try (Control control = server.connect(belay.terminal())) {
      review = control.get(ReviewsListVerb.PATH + "/" + Control.encode(ticket), Map.of());
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), review);
    } else {
      ReviewWords.print(belay.terminal(), review);
    }
    return ExitCode.OK;
  }
}
