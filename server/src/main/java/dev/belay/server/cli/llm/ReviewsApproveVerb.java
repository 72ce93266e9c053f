package dev.belay.server.cli.llm;

import dev.belay.llm.review.Decision;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code belay reviews approve}: the answer stands. */
@Command(
    name = "approve",
    description = "Let the last answer of a call stand as it is.",
    footer = {"", "Example:", "  belay reviews approve rev-0123456789abcdef0123456789abcdef"})
final class ReviewsApproveVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private DecisionOptions decision = new DecisionOptions();

  ReviewsApproveVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    return decision.decide(belay, server, Decision.Approve::new);
  }
}
