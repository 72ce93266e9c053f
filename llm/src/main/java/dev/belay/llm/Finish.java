package dev.belay.llm;

/** Why a model stopped writing. */
public enum Finish {
  /** It was done, or met a stop text. */
  STOP,
  /** The answer is as long as it may be, and cut. */
  LENGTH,
  /** It asks for tools. */
  TOOL_CALLS,
  /** The provider's filter held the answer back. */
  CONTENT_FILTER,
  /** The model would not. */
  REFUSAL,
  /** The stream ended without an end: what is there is a part. */
  INCOMPLETE,
  /** A reason that is not known here. */
  OTHER;

  /** Whether the answer is all there. */
  public boolean isWhole() {
    return switch (this) {
      case STOP, TOOL_CALLS, OTHER -> true;
      case LENGTH, CONTENT_FILTER, REFUSAL, INCOMPLETE -> false;
    };
  }
}
