package dev.belay.llm.json;

/** What becomes of {@code NaN} and {@code Infinity}, for which JSON has no form. */
public enum NanPolicy {
  /** The text is refused. */
  REJECT,
  /** They become null. */
  NULL,
  /** They become strings. */
  STRING
}
