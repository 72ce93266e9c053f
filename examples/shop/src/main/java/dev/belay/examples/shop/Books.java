package dev.belay.examples.shop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What must be right in the end: how often an order was charged. Safe for any number of threads.
 */
final class Books {
  private final AtomicLong charges = new AtomicLong();

  /** Charges once more; gives how often that was done now. */
  long charge() {
    return charges.incrementAndGet();
  }

  long charges() {
    return charges.get();
  }
}
