package dev.belay;

import java.time.Duration;

/**
 * What a call does next, as {@link CallMachine} decides it.
 *
 * @param <E> the kind of endpoint
 */
public sealed interface Step<E extends Endpoint>
    permits Attempt, Step.Pause, Step.Await, Step.Stop {

  /**
   * Wait, then ask again.
   *
   * @param nanos how long, above 0
   * @param why for people
   */
  record Pause<E extends Endpoint>(long nanos, String why) implements Step<E> {}

  /** Another attempt is still running: its outcome decides. */
  record Await<E extends Endpoint>() implements Step<E> {}

  /**
   * It is over.
   *
   * @param reason why
   * @param retryAfter when it may be worth calling again, zero if that is not known
   * @param report the whole call
   */
  record Stop<E extends Endpoint>(StopReason reason, Duration retryAfter, CallReport report)
      implements Step<E> {}
}
