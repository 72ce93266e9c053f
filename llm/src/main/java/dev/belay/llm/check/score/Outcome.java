package dev.belay.llm.check.score;

/** What is decided, best first. */
public enum Outcome {
  /** Good enough. */
  ACCEPT,
  /** Nearly; a person should look at it. */
  REVIEW,
  /** Nobody is sure enough; somebody else must decide. */
  ESCALATE,
  /** Not good enough. */
  REJECT
}
