package dev.belay.chaos.space;

/** What becomes of a dimension whose condition is not true. */
public enum Inactive {
  /** It keeps a value that whoever carries out the plan ignores; constraints count it. */
  EXPAND,
  /** The point lacks it. */
  FILTER,
  /** Its value is the text {@code inactive}. */
  ENCODE;

  /** What stands for a dimension that is not active. */
  public static final Value MARK = Value.of("inactive");
}
