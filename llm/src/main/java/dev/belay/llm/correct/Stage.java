package dev.belay.llm.correct;

/** How much help the model has, least first. */
public enum Stage {
  /** The request as it came, and what was wrong so far. */
  BASIC,
  /** A tool is named and its servers go along. */
  TOOL,
  /** Another model is asked. */
  MODEL,
  /** A person decides. */
  HUMAN
}
