package dev.belay.server.cli.flow;

import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay answer}: tells an agent what it wants to know. */
@Command(
    name = "answer",
    description = "Answer the question of an agent, as belay status shows it.",
    footer = {"", "Example:", "  belay answer 261128-101500-1a2b build 1 'Use version 2'"})
final class AnswerVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "Its id.")
  private String run = "";

  @Parameters(index = "1", paramLabel = "TASK", description = "Its id in the plan.")
  private String task = "";

  @Parameters(index = "2", paramLabel = "NUMBER", description = "Of the question, from 1.")
  private int number;

  @Parameters(index = "3", paramLabel = "TEXT", description = "The answer.")
  private String text = "";

  @Option(names = "--by", paramLabel = "NAME", description = "Who answers.")
  private String by = "user";

  AnswerVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      desk.engine().answer(run, task, number, text, by);
      belay.terminal().out().println(belay.isJson() ? "{\"answered\":true}" : "answered");
      return ExitCode.OK;
    }
  }
}
