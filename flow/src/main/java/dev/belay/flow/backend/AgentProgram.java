package dev.belay.flow.backend;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.process.ProcessTree;
import dev.belay.process.Program;
import dev.belay.process.ProgramMissing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs a program for an attempt, and leaves nothing of it. Safe for any number of threads. */
final class AgentProgram {
  /** How long what a program has left behind may hold its pipes before that is ended. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final String TOO_LONG = "error=7,";

  private final BackendSettings settings;
  private final List<String> prefix;
  private final String install;
  private final Time time;

  /**
   * A program that is to be run.
   *
   * @param prefix what comes before all arguments of a call
   * @param install what to do if it is missing
   */
  AgentProgram(BackendSettings settings, List<String> prefix, String install, Time time) {
    this.settings = settings;
    this.prefix = List.copyOf(prefix);
    this.install = install;
    this.time = time;
  }

  /**
   * How a program has ended.
   *
   * @param complaints the end of what it wrote on its standard error
   * @param late which limit it has passed, if it was ended for that
   */
  record Exit(int code, String complaints, Optional<String> late) {}

  /**
   * Runs it to its end.
   *
   * @param input for its standard input, of any length
   * @param lines takes what it writes on its standard output
   * @throws AgentException if it cannot be started
   * @throws InterruptedException if interrupted; it has ended then
   */
  Exit run(
      List<String> arguments,
      String input,
      AgentCall call,
      Deadline deadline,
      Consumer<String> lines)
      throws AgentException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    ProcessTree tree = start(arguments, call);
    try (Watch watch = new Watch(call, deadline, time, tree::close).andIdle()) {
      Tail tail = new Tail();
      Thread listener = Thread.startVirtualThread(() -> tail.read(tree.complaints(), watch::sign));
      write(tree, input);
      tree.onExit(() -> time.after(LAST_WORDS.toNanos(), Thread::startVirtualThread, tree::close));
      read(tree, watch, lines);
      int code = tree.exitCode();
      var unused = listener.join(LAST_WORDS);
      return new Exit(code, tail.text(), watch.late());
    } finally {
      var unused = tree.end();
    }
  }

  private static void read(ProcessTree tree, Watch watch, Consumer<String> lines)
      throws InterruptedException {
    try {
      Lines.read(tree.output(), watch::sign, lines);
    } catch (InterruptedIOException given) {
      var unused = Thread.interrupted();
      throw new InterruptedException();
    } catch (IOException broken) {
      // as at its end
    }
  }

  private ProcessTree start(List<String> arguments, AgentCall call) throws AgentException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(arguments);
    Map<String, String> environment = new HashMap<>(settings.environment());
    environment.putAll(call.environment());
    try {
      return Program.of(command)
          .with(environment)
          .in(call.directory())
          .endingWithin(settings.grace())
          .start(time);
    } catch (ProgramMissing missing) {
      throw new AgentException(
          OutcomeClass.CONFIG,
          "%s: %s%s".formatted(settings.name(), missing.getMessage(), install));
    } catch (IOException refused) {
      throw refused(call, refused);
    }
  }

  private AgentException refused(AgentCall call, IOException refused) {
    String why = String.valueOf(refused.getMessage());
    OutcomeClass outcome =
        !Files.isDirectory(call.directory())
            ? OutcomeClass.CONFIG
            : why.contains(TOO_LONG) ? OutcomeClass.INVALID_INPUT : OutcomeClass.TRANSIENT;
    // its words may hold the whole command
    String said =
        switch (outcome) {
          case CONFIG -> "%s is no directory".formatted(call.directory());
          case INVALID_INPUT -> "the arguments are longer than the system allows";
          default -> "%s cannot be started at the moment".formatted(prefix.getFirst());
        };
    return new AgentException(outcome, "%s: %s".formatted(settings.name(), said));
  }

  /** On a thread of its own, since it may not read; not a virtual one, since it may block long. */
  private static void write(ProcessTree tree, String text) {
    Thread.ofPlatform()
        .daemon()
        .name("belay-prompt")
        .start(() -> {
          try (OutputStream to = tree.input()) {
            to.write(text.getBytes(StandardCharsets.UTF_8));
          } catch (IOException notRead) {
            // a program that does not want to hear may still answer
          }
        });
  }
}
