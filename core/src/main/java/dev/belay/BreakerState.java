package dev.belay;

/** What a breaker does with the next call. */
public enum BreakerState {
  /** Admits it. */
  CLOSED,
  /** Refuses it until the open time is over. */
  OPEN,
  /** Admits it if a probe is free. */
  HALF_OPEN,
  /** Refuses it until somebody resets the breaker. */
  HELD_OPEN,
  /** Admits it and counts nothing until somebody resets the breaker. */
  HELD_CLOSED
}
