package dev.belay.server.cli;

import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;

/** Shows a run while it goes on. For one thread at a time. */
interface RunPrinter extends AutoCloseable {
  /** Something happened. */
  void event(RunEvent event);

  /** It is over, or is left. */
  void end(RunStatus run);

  /** Gives the terminal back. */
  @Override
  void close();
}
