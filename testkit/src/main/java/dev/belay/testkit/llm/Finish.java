package dev.belay.testkit.llm;

/** Why a model stopped; each dialect has words of its own for it. */
public enum Finish {
  /** It said all it had to say. */
  STOP,
  /** The token limit was reached. */
  LENGTH,
  /** It wants tools to be called. */
  TOOL_CALLS,
  /** A filter of the provider took the rest away. */
  CONTENT_FILTER,
  /** It declined. */
  REFUSAL
}
