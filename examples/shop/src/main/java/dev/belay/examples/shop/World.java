package dev.belay.examples.shop;

import java.time.Duration;

/** What a service can do: call others and spend time. For the thread of one request. */
public interface World {
  /**
   * Calls another service.
   *
   * @param timeout how long to wait for its answer
   * @return its answer, whatever the status
   * @throws CallFailed if no answer came
   * @throws InterruptedException if the thread was interrupted
   */
  Answer call(String callee, Ask ask, Duration timeout) throws CallFailed, InterruptedException;

  /** Is busy for a while. */
  void work(Duration length) throws InterruptedException;

  /** How long the request has been on its way through all services, in milliseconds. */
  long elapsedMillis();

  /** Chance, 0 to 1. */
  double chance();
}
