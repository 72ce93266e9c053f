package dev.belay.server.cli.llm;

import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewForm;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.remote.Control;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Which call is decided, and by whom. */
final class DecisionOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "TICKET", description = "As `belay reviews list` shows it.")
  private String ticket = "";

  @Option(
      names = "--reviewer",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decides; the name of your user if not said.")
  private String reviewer = "";

  /** Decides, and says what came of it. */
  int decide(Program belay, ServerOptions server, Supplier<Decision> decision)
      throws InterruptedException {
    ObjectNode body = body(decision);
    JsonNode review;
    try (Control control = server.connect(belay.terminal())) {
      String path = "%s/%s/decision".formatted(ReviewsListVerb.PATH, Control.encode(ticket));
      review = control.post(path, body);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), review);
    } else {
      // by whoever was first, if the same was decided before
      String state = review.path("state").asString("");
      String by = review.path("reviewer").asString("");
      belay.terminal().out().println("%s %s by %s".formatted(state, ticket, by));
    }
    return ExitCode.OK;
  }

  private ObjectNode body(Supplier<Decision> decision) {
    try {
      String text = ReviewForm.write(decision.get()).toString();
      return ((ObjectNode) new JsonMapper().readTree(text)).put("reviewer", reviewer);
    } catch (IllegalArgumentException wrong) {
      // a message begins with the name of what is wrong, which is that of an option but for one
      String message = String.valueOf(wrong.getMessage()).replace("extra_attempts", "extra");
      throw new ParameterException(spec.commandLine(), "--" + message, wrong);
    }
  }
}
