package dev.belay.llm.check;

/** How forgiving a check is about the JSON in an answer. */
enum JsonMode {
  /** The whole answer is JSON. */
  STRICT,
  /** The whole answer, or the one fenced block in it, is JSON. */
  FENCED,
  /** What can be read as JSON is; every repair becomes a warning. */
  REPAIR
}
