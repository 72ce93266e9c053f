package dev.belay;

import java.util.List;

/**
 * Is told what calls do: for metrics, logs, and the ledger. Called on the thread that drives the
 * call, so it must be quick; safe for any number of threads. What it throws goes to that thread's
 * uncaught exception handler, and the call goes on.
 */
public interface CallObserver {

  /** Hears nothing. */
  CallObserver NONE = new CallObserver() {};

  /**
   * A call begins. What is told of this call from here on is told to the observer that is given
   * back, which may hold what it needs to know of this call alone; {@code this}, which is the
   * default, hears of all calls.
   *
   * @param policy the name of the policy in force
   */
  default CallObserver begun(Call call, String policy) {
    return this;
  }

  /** An attempt begins. */
  default void attempting(Call call, String policy, Attempt<?> attempt) {}

  /**
   * An attempt is over; if another one was quicker, that may be after the call.
   *
   * @param call what it was for
   * @param policy the name of the policy in force
   * @param attempt where it went and when
   * @param verdict what was made of its outcome
   * @param tookNanos how long it ran
   */
  default void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {}

  /** A call waits before its next attempt. */
  default void paused(Call call, String policy, Step.Pause<?> pause) {}

  /** A call is over. */
  default void finished(Call call, CallReport report) {}

  /** Tells several, in this order. */
  static CallObserver all(CallObserver... observers) {
    return new CallObservers(List.of(observers));
  }
}
