package dev.belay.llm.check.judge;

/** What follows when there is no verdict. */
public enum Unclear {
  /** The answer stands, with a warning. */
  SKIP,
  /** The judge is asked again; if that does not help, a person decides. */
  RETRY,
  /** The call fails. */
  FAIL,
  /** A person decides. */
  HUMAN
}
