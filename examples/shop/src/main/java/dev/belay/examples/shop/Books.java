package dev.belay.examples.shop;

/**
 * What must be right in the end: how often an order was charged. Safe for any number of threads.
 */
public interface Books {
  /** Charges once more; gives how often that was done now. */
  long charge();

  /** How often the order was charged so far. */
  long charges();
}
