package dev.belay.chaos.session;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.SafetyLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A line in the journal of a session: what happened, in order. */
public sealed interface Entry {
  /**
   * It came into another state.
   *
   * @param state the new state
   * @param at when
   * @param reason why, for people; may be empty
   */
  record Moved(SessionState state, Instant at, String reason) implements Entry {}

  /**
   * What the healthy system did, once.
   *
   * @param observation what was seen without a fault
   */
  record Healthy(Observation observation) implements Entry {}

  /**
   * Faults are about to be put in force. Written before they are, so that after a crash it is known
   * that something may be left behind.
   *
   * @param trial the number of the trial
   * @param proposal the plan
   * @param at when
   */
  record Applying(int trial, Proposal proposal, Instant at) implements Entry {}

  /**
   * A trial is over, and its faults are gone.
   *
   * @param trial all of it
   */
  record Done(Trial trial) implements Entry {}

  /**
   * The system was looked at between two trials, without a fault.
   *
   * @param after how many trials were over
   * @param at when
   * @param took how long it took
   * @param broken what failed, so that failures under faults tell nothing; none if nothing did
   */
  record Looked(int after, Instant at, Duration took, Optional<String> broken) implements Entry {}

  /**
   * The search knows more of what it has found. Written down because what one session found is
   * where another begins, and because the search itself is gone when a session is only looked at.
   *
   * @param defects all that it has found so far
   */
  record Found(List<Defect> defects) implements Entry {
    public Found {
      defects = List.copyOf(defects);
    }
  }

  /**
   * The guard did something.
   *
   * @param entry what
   */
  record Safety(SafetyLog.Entry entry) implements Entry {}
}
