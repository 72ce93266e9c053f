package dev.belay.examples.shop;

import java.util.concurrent.atomic.AtomicLong;

/** Books for a shop in one process. */
final class MemoryBooks implements Books {
  private final AtomicLong charges = new AtomicLong();

  @Override
  public long charge() {
    return charges.incrementAndGet();
  }

  @Override
  public long charges() {
    return charges.get();
  }
}
