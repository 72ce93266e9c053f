package dev.belay.testkit.llm;

/** What an answer depends on besides itself. */
record Prompt(String model, Usage usage, Mode mode) {

  /** How a request wants to be answered. */
  enum Mode {
    WHOLE,
    /** Server-sent events. */
    EVENTS,
    /** The same with the usage at the end, which OpenAI tells only to whoever asks. */
    EVENTS_WITH_USAGE,
    /** A JSON list that grows, Gemini's stream for whoever does not ask for events. */
    LIST
  }
}
