package dev.belay.flow;

import java.util.List;

/**
 * A run with all that belongs to it, as it was at one moment. Immutable.
 *
 * @param sequence of the last event that is in it
 * @param run the run
 * @param plan what was to be done
 * @param tasks in the order of the plan
 * @param attempts oldest first
 * @param questions oldest first
 * @param cooldowns of the accounts that its backends use
 * @param breakers of its backends
 */
public record RunView(
    long sequence,
    RunStatus run,
    Plan plan,
    List<TaskStatus> tasks,
    List<AttemptStatus> attempts,
    List<Question> questions,
    List<Cooldown> cooldowns,
    List<BackendView> breakers) {

  /** Keeps copies. */
  public RunView {
    tasks = List.copyOf(tasks);
    attempts = List.copyOf(attempts);
    questions = List.copyOf(questions);
    cooldowns = List.copyOf(cooldowns);
    breakers = List.copyOf(breakers);
  }
}
