package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt at a task. Immutable.
 *
 * @param run to which it belongs
 * @param task at which
 * @param number counted from 1 over all attempts at the task, whether they count or not
 * @param step of the task's workflow, counted from 0
 * @param round of that step, counted from 0
 * @param backend where it went
 * @param account whose allowance it used
 * @param started when
 * @param ended when; empty while it runs, and if its process died with it
 * @param outcome how
 * @param message why it failed; empty otherwise
 * @param spend what it used up
 * @param session its conversation; empty if there is none
 */
public record AttemptStatus(
    String run,
    String task,
    int number,
    int step,
    int round,
    String backend,
    String account,
    Instant started,
    Optional<Instant> ended,
    Optional<OutcomeClass> outcome,
    String message,
    Spend spend,
    String session)
    implements Change {

  /** Rejects nothing but nulls. */
  public AttemptStatus {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(backend, "backend");
    requireNonNull(account, "account");
    requireNonNull(started, "started");
    requireNonNull(ended, "ended");
    requireNonNull(outcome, "outcome");
    requireNonNull(message, "message");
    requireNonNull(spend, "spend");
    requireNonNull(session, "session");
  }

  /** The same after its end. */
  public AttemptStatus over(
      Instant now, OutcomeClass how, String why, Spend used, String conversation) {
    return new AttemptStatus(
        run,
        task,
        number,
        step,
        round,
        backend,
        account,
        started,
        Optional.of(now),
        Optional.of(how),
        why,
        used,
        conversation);
  }
}
