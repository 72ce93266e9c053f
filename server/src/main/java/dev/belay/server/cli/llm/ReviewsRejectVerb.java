package dev.belay.server.cli.llm;

import dev.belay.llm.review.Decision;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay reviews reject}: the call fails. */
@Command(
    name = "reject",
    description = "Have a call fail; its caller is told the reason.",
    footer = {
      "",
      "Example:",
      "  belay reviews reject rev-0123456789abcdef0123456789abcdef --reason 'We do not know her age.'"
    })
final class ReviewsRejectVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private DecisionOptions decision = new DecisionOptions();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "What the caller is told.")
  private String reason = "";

  ReviewsRejectVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    return decision.decide(belay, server, () -> new Decision.Reject(reason));
  }
}
