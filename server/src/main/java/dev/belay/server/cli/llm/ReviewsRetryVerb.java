package dev.belay.server.cli.llm;

import dev.belay.llm.review.Decision;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay reviews retry}: the model is asked again. */
@Command(
    name = "retry",
    description = "Have the model asked again, with a word on what to do better.",
    footer = {
      "",
      "Example:",
      "  belay reviews retry rev-0123456789abcdef0123456789abcdef --note 'Give the age in years.'"
    })
final class ReviewsRetryVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private DecisionOptions decision = new DecisionOptions();

  @Option(
      names = "--note",
      required = true,
      paramLabel = "TEXT",
      description = "What the model is told, beside what is wrong.")
  private String note = "";

  @Option(
      names = "--extra",
      paramLabel = "COUNT",
      defaultValue = "1",
      description = "How often it is asked at the most, 1 to 20; ${DEFAULT-VALUE} if not said.")
  private int extra;

  ReviewsRetryVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    return decision.decide(belay, server, () -> new Decision.Retry(note, extra));
  }
}
