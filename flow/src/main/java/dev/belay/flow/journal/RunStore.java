package dev.belay.flow.journal;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Change;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Message;
import dev.belay.flow.Question;
import dev.belay.flow.RunStatus;
import dev.belay.flow.SessionNote;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers runs. What a method that writes has returned from is not lost, whatever becomes of the
 * process. Safe for any number of threads; methods may block, and throw an unchecked exception of
 * their own if the store fails.
 */
public interface RunStore {

  /**
   * Takes down a new run with its plan and all its tasks, or nothing of it.
   *
   * @throws IllegalArgumentException if there is a run of that id
   */
  void begin(RunStatus run, String plan, List<TaskStatus> tasks);

  /**
   * Takes down changes in their order, all or none. A run, task, attempt, question, result or
   * conversation that is there is replaced; messages are added.
   *
   * @throws IllegalArgumentException if one is of a run that is not there
   */
  void write(List<Change> changes);

  /** Runs, the newest first. */
  List<RunStatus> runs(int most);

  /** One run. */
  Optional<RunStatus> run(String run);

  /** The plan of a run, as it was given to {@link #begin}. */
  Optional<String> plan(String run);

  /** All tasks of a run. */
  List<TaskStatus> tasks(String run);

  /**
   * How many tasks of some runs are in which state.
   *
   * @return by run and state, without the states that no task is in; nothing for a run that is not
   *     there
   */
  Map<String, Map<TaskState, Integer>> tallies(List<String> runs);

  /** All attempts of a run, by task and number. */
  List<AttemptStatus> attempts(String run);

  /** All questions of a run, by the time they were asked. */
  List<Question> questions(String run);

  /** What was said about a task, oldest first. */
  List<Message> messages(String run, String task);

  /** Conversations of a run that can be carried on. */
  List<SessionNote> sessions(String run);

  /** What a step of a task came to. */
  Optional<TaskResult> result(String run, String task, int step);

  /**
   * Takes a run for one process, so that no two carry it out. Done again, it goes on being taken.
   *
   * @param owner who takes it
   * @param now the time
   * @param until when it may be taken by another if it was not taken again
   * @return false if another process has it
   */
  boolean claim(String run, String owner, Instant now, Instant until);

  /** Who has taken a run, whether the claim is over or not; empty if nobody has. */
  Optional<String> owner(String run);

  /** Gives a run back. */
  void release(String run, String owner);

  /**
   * Leaves word for the process that carries a run out.
   *
   * @throws IllegalArgumentException if there is no such run
   */
  void request(Request request);

  /** The requests for a run; they are gone from the store then. */
  List<Request> takeRequests(String run);

  /** Accounts that rest. */
  List<Cooldown> cooldowns();

  /** An account rests; a later end than is known replaces it, an earlier one does not. */
  void raise(Cooldown cooldown);

  /** An account rests no more. */
  void endCooldown(String account);
}
