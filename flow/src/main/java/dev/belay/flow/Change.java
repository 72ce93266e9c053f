package dev.belay.flow;

/** Something about a run that is to be remembered. Immutable. */
public sealed interface Change
    permits RunStatus, TaskStatus, AttemptStatus, TaskResult, SessionNote, Message, Question {

  /** Which run it is about. */
  String run();

  /** Which task; empty for the run as a whole. */
  default String task() {
    return "";
  }
}
