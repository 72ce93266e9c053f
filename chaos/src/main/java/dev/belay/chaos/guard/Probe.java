package dev.belay.chaos.guard;

/**
 * A question to the system whose right answer is known: whether it still does what it has to do.
 * Safe to ask from any thread.
 */
public interface Probe {
  /** Its name, for people. */
  String name();

  /**
   * Asks.
   *
   * @return what was found; an answer that does not come counts as wrong
   * @throws InterruptedException if the thread was interrupted
   */
  Finding check() throws InterruptedException;

  /**
   * What was found.
   *
   * @param holds whether the system does what it has to do
   * @param detail what was found, for people
   */
  record Finding(boolean holds, String detail) {}
}
