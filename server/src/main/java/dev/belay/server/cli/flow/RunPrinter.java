package dev.belay.server.cli.flow;

import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.TaskStatus;
import java.util.List;

/** Shows a run while it goes on. For one thread at a time. */
interface RunPrinter extends AutoCloseable {
  /** Something happened. */
  void event(RunEvent event);

  /**
   * How the tasks stand in the end: a run may be over before anybody listens.
   *
   * @param tasks all of them
   */
  default void last(List<TaskStatus> tasks) {}

  /** It is over, or is left. */
  void end(RunStatus run);

  /** Gives the terminal back. */
  @Override
  void close();
}
