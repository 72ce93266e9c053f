package dev.belay.server.cli.flow;

import dev.belay.Time;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.run.LocalEngine;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.Terminal;
import java.time.ZoneId;
import java.util.concurrent.locks.ReentrantLock;

/** Shows a run that this process carries out, until it ends or is interrupted. */
final class RunFollower {
  private final Program belay;
  private final boolean plain;
  private final boolean quiet;

  /**
   * One.
   *
   * @param plain whether lines are wanted although there is a screen
   * @param quiet whether what agents say is left out of lines
   */
  RunFollower(Program belay, boolean plain, boolean quiet) {
    this.belay = belay;
    this.plain = plain;
    this.quiet = quiet;
  }

  /** The exit code: how the run ended. */
  int follow(LocalEngine engine, String run) throws InterruptedException {
    Interrupts.first(engine::close);
    RunView view = engine.view(run).orElseThrow();
    RunStatus end;
    try (RunPrinter printer = printer(view)) {
      ReentrantLock oneByOne = new ReentrantLock();
      try (RunEngine.Watch watch =
          engine.watchOrEnd(run, view.sequence(), event -> tell(printer, oneByOne, event))) {
        end = engine.await(run);
        watch.drain();
      }
      printer.last(engine.view(run).orElse(view).tasks());
      printer.end(end);
    }
    return switch (end.state()) {
      case COMPLETED -> ExitCode.OK;
      case INTERRUPTED -> ExitCode.INTERRUPTED;
      case FAILED, CANCELLED, RUNNING -> ExitCode.FAILED;
    };
  }

  private static void tell(RunPrinter printer, ReentrantLock oneByOne, RunEvent event) {
    oneByOne.lock();
    try {
      printer.event(event);
    } finally {
      oneByOne.unlock();
    }
  }

  private RunPrinter printer(RunView view) {
    Terminal terminal = belay.terminal();
    if (belay.isJson()) {
      return new JsonRunPrinter(terminal);
    }
    if (plain || !terminal.hasColours()) {
      return new PlainRunPrinter(terminal, !quiet, ZoneId.systemDefault(), Time.system());
    }
    return new LiveRunPrinter(terminal, new TerminalMode(), view, Time.system()).start();
  }
}
