package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A task as it is now. Immutable.
 *
 * @param run to which it belongs
 * @param task its id
 * @param state where it is
 * @param why it is there, for people; may be empty
 * @param outcome of its last attempt
 * @param attempts that were made and counted
 * @param step of its workflow, counted from 0
 * @param round of that step, counted from 0
 * @param until when it goes on by itself, if that is known
 * @param spend of all attempts
 * @param branch on which its work is; empty without a worktree
 * @param started when its first attempt began
 * @param ended when it was over
 */
public record TaskStatus(
    String run,
    String task,
    TaskState state,
    String why,
    Optional<OutcomeClass> outcome,
    int attempts,
    int step,
    int round,
    Optional<Instant> until,
    Spend spend,
    String branch,
    Optional<Instant> started,
    Optional<Instant> ended)
    implements Change {

  /** Rejects nothing but nulls. */
  public TaskStatus {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(state, "state");
    requireNonNull(why, "why");
    requireNonNull(outcome, "outcome");
    requireNonNull(until, "until");
    requireNonNull(spend, "spend");
    requireNonNull(branch, "branch");
    requireNonNull(started, "started");
    requireNonNull(ended, "ended");
  }

  /** One of which nothing has happened yet. */
  public static TaskStatus waiting(String run, String task) {
    return new TaskStatus(
        run,
        task,
        TaskState.WAITING,
        "",
        Optional.empty(),
        0,
        0,
        0,
        Optional.empty(),
        Spend.NONE,
        "",
        Optional.empty(),
        Optional.empty());
  }

  /** The same in another state, until a time if that is known. */
  public TaskStatus in(TaskState next, String reason, Optional<Instant> time) {
    return new TaskStatus(
        run, task, next, reason, outcome, attempts, step, round, time, spend, branch, started,
        ended);
  }

  /** The same in another state. */
  public TaskStatus in(TaskState next, String reason) {
    return in(next, reason, Optional.empty());
  }

  /** The same at another place of its workflow. */
  public TaskStatus at(int nextStep, int nextRound) {
    return new TaskStatus(
        run, task, state, why, outcome, attempts, nextStep, nextRound, until, spend, branch,
        started, ended);
  }

  /** The same on a branch. */
  public TaskStatus on(String other) {
    return new TaskStatus(
        run, task, state, why, outcome, attempts, step, round, until, spend, other, started, ended);
  }

  /** The same with one more attempt under way. */
  public TaskStatus begun(Instant now) {
    return new TaskStatus(
        run,
        task,
        state,
        why,
        outcome,
        attempts + 1,
        step,
        round,
        until,
        spend,
        branch,
        Optional.of(started.orElse(now)),
        Optional.empty());
  }

  /**
   * The same after an attempt.
   *
   * @param counted whether it was one: an attempt that only found out that a limit is used up is
   *     none
   */
  public TaskStatus after(OutcomeClass end, Spend more, boolean counted) {
    return new TaskStatus(
        run,
        task,
        state,
        why,
        Optional.of(end),
        counted ? attempts : Math.max(0, attempts - 1),
        step,
        round,
        until,
        spend.plus(more),
        branch,
        started,
        ended);
  }

  /** The same at its end. */
  public TaskStatus over(TaskState end, String reason, Instant now) {
    return new TaskStatus(
        run,
        task,
        end,
        reason,
        outcome,
        attempts,
        step,
        round,
        Optional.empty(),
        spend,
        branch,
        started,
        Optional.of(now));
  }

  /** The same as if nothing had been done yet, but for what it cost. */
  public TaskStatus again() {
    return new TaskStatus(
        run,
        task,
        TaskState.WAITING,
        "",
        Optional.empty(),
        0,
        0,
        0,
        Optional.empty(),
        spend,
        branch,
        Optional.empty(),
        Optional.empty());
  }
}
