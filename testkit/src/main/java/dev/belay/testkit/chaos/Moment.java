package dev.belay.testkit.chaos;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when told to. Safe for any number of threads. */
final class Moment {
  private final AtomicLong millis = new AtomicLong();

  long millis() {
    return millis.get();
  }

  void advance(long by) {
    millis.addAndGet(by);
  }
}
