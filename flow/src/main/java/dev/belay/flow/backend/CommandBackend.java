package dev.belay.flow.backend;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import java.util.Optional;

/**
 * Any program: reads the prompt on its standard input, writes its answer on its standard output,
 * and says by its exit code how it went, as {@code sysexits.h} has it.
 */
final class CommandBackend implements Backend {
  private static final int WRONG_USAGE = 64;
  private static final int TRY_LATER = 75;
  private static final int NOT_ALLOWED = 77;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NO_COMMAND = 127;

  private final BackendSettings settings;
  private final AgentProgram program;
  private final Words words;
  private final Time time;

  CommandBackend(BackendSettings settings, Time time) {
    if (settings.command().isEmpty()) {
      throw new IllegalArgumentException(
          "backend %s: command must name a program".formatted(settings.name()));
    }
    this.settings = settings;
    this.time = time;
    this.words = Words.without(settings.environment().values());
    this.program =
        new AgentProgram(
            settings, settings.command(), "; install it, or give the path to it", time);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String account() {
    return settings.account();
  }

  @Override
  public AgentReply send(AgentCall call, AgentListener listener)
      throws AgentException, InterruptedException {
    Deadline deadline = Deadline.in(call.timeout(), time);
    Told told = new Told(listener);
    Answer answer = new Answer();
    String input = call.system().map(system -> system + "\n\n").orElse("") + call.prompt();
    AgentProgram.Exit exit =
        program.run(
            settings.args(),
            input,
            call,
            deadline,
            line -> {
              answer.append(answer.isEmpty() ? line : "\n" + line);
              told.line(line);
            });
    if (exit.late().isPresent()) {
      throw new AgentException(
          OutcomeClass.TIMEOUT,
          "%s %s and was ended".formatted(settings.name(), exit.late().get()));
    }
    if (exit.code() != 0) {
      throw failure(exit);
    }
    return new AgentReply(answer.toString(), Optional.empty(), Spend.NONE);
  }

  private AgentException failure(AgentProgram.Exit exit) {
    String said = words.end(exit.complaints());
    Optional<UsageLimit> limit = UsageLimits.inText(exit.complaints(), time.instant());
    OutcomeClass outcome =
        UsageLimits.isMeant(exit.complaints()) ? OutcomeClass.RATE_LIMITED : outcome(exit.code());
    return new AgentException(
        outcome,
        "%s ended with exit code %d%s"
            .formatted(settings.name(), exit.code(), said.isEmpty() ? "" : ": " + said),
        limit,
        Spend.NONE);
  }

  private static OutcomeClass outcome(int code) {
    return switch (code) {
      case NO_COMMAND, NOT_EXECUTABLE, WRONG_USAGE -> OutcomeClass.CONFIG;
      case TRY_LATER -> OutcomeClass.TRANSIENT;
      case NOT_ALLOWED -> OutcomeClass.AUTH;
      default -> CliFailures.isSignal(code) ? OutcomeClass.KILLED : OutcomeClass.AGENT_FAILED;
    };
  }

  @Override
  public String toString() {
    return settings.name();
  }
}
