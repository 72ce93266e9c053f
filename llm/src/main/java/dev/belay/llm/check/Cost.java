package dev.belay.llm.check;

/** What a check costs, cheapest first. */
public enum Cost {
  /** Microseconds: looks at the text. */
  CHEAP,
  /** Milliseconds: parses, or reads files. */
  MODEST,
  /** Seconds and money: asks a model. */
  DEAR
}
