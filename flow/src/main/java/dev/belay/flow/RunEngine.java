package dev.belay.flow;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries out plans. What was acknowledged survives the end of the process: a run that was
 * submitted can be resumed, and nothing that had completed is done twice. Safe for any number of
 * threads.
 */
public interface RunEngine extends AutoCloseable {

  /**
   * Begins a run.
   *
   * @param directory in which its tasks work
   * @return its id
   * @throws PlanException if the plan cannot be run here
   */
  String submit(Plan plan, Path directory);

  /**
   * Goes on with a run that was interrupted, has failed or was cancelled: what is completed stays,
   * everything else is done.
   *
   * @throws RunRefused if there is no such run, or it is running
   */
  void resume(String run);

  /** Goes on with all runs that were interrupted; gives their ids. */
  List<String> resumeAll();

  /**
   * Does a task that has ended once more, and what was blocked by it.
   *
   * @throws RunRefused if there is no such task, or it has not ended
   */
  void retry(String run, String task);

  /**
   * Stops a run: its agents are told to end, and killed if they do not.
   *
   * @throws RunRefused if there is no such run, or it is over
   */
  void cancel(String run);

  /**
   * Stops one task; what needs it is blocked or goes on, as its failure mode says.
   *
   * @throws RunRefused if there is no such task, or it is over
   */
  void cancel(String run, String task);

  /**
   * Answers a question. The same answer twice is harmless.
   *
   * @param number of the question within the task
   * @param by who answers
   * @throws RunRefused if there is no such question, or it has another answer
   */
  void answer(String run, String task, int number, String text, String by);

  /** Accounts that rest. */
  List<Cooldown> cooldowns();

  /** Ends the rest of an account before its time; false if it did not rest. */
  boolean endCooldown(String account);

  /** Runs, the newest first. */
  List<RunStatus> runs(int most);

  /**
   * How many tasks of some runs are in which state.
   *
   * @return by run and state, without the states that no task is in; nothing for a run that is not
   *     there
   */
  Map<String, Map<TaskState, Integer>> tallies(List<String> runs);

  /** All that is known of a run. */
  Optional<RunView> view(String run);

  /** What a step of a task came to; of its last step if {@code step} is below 0. */
  Optional<String> result(String run, String task, int step);

  /** What the agents of a task have said so far: its last lines, at most so many. */
  List<String> log(String run, String task, int lines);

  /**
   * Listens to a run.
   *
   * @param after sequence of the last event that is known; what came after it is told first, if it
   *     is still remembered
   * @param listener hears one event after the other, on a thread of its own; it may take its time
   * @return what ends the listening
   * @throws RunRefused if there is no such run
   */
  Watch watch(String run, long after, Consumer<RunEvent> listener);

  /** Somebody who listens. */
  interface Watch extends AutoCloseable {
    /** Waits until the listener has heard all that has happened so far. */
    void drain() throws InterruptedException;

    /** Whether events between {@code after} and the first one told are missing: ask for a view. */
    boolean hasGap();

    @Override
    void close();
  }

  /**
   * Stops everything, so that it can be resumed: waits end at once, agents are told to end and
   * killed after their grace, where everything stands is written down. Returns when that is done.
   */
  @Override
  void close();
}
