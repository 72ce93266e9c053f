package dev.belay.flow.run;

import dev.belay.flow.RunState;
import dev.belay.flow.TaskState;

/**
 * What a run came to.
 *
 * @param state its last state, for now
 * @param why for people; empty if there is nothing to say
 */
record RunEnd(RunState state, String why) {
  /**
   * Reads it off its tasks.
   *
   * @param trouble why it was interrupted, if that was not asked for
   */
  static RunEnd of(TaskGraph graph, boolean cancelled, String trouble) {
    if (cancelled) {
      return new RunEnd(RunState.CANCELLED, "cancelled");
    }
    if (graph.left() > 0) {
      return new RunEnd(RunState.INTERRUPTED, trouble.isEmpty() ? "interrupted" : trouble);
    }
    long bad = graph.all().stream().filter(one -> graph.hinders(one.task())).count();
    if (bad > 0) {
      return new RunEnd(
          RunState.FAILED, "%d of %d tasks are not done".formatted(bad, graph.all().size()));
    }
    long soft = graph.all().stream().filter(one -> one.state() == TaskState.FAILED).count();
    return new RunEnd(
        RunState.COMPLETED,
        soft == 0 ? "" : "%d tasks failed, and hindered nobody".formatted(soft));
  }
}
