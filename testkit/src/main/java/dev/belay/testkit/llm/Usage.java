package dev.belay.testkit.llm;

/**
 * What a call is said to have taken.
 *
 * @param input tokens of the prompt, 0 or more
 * @param output tokens of the answer, 0 or more
 */
public record Usage(long input, long output) {

  /** Rejects negative counts. */
  public Usage {
    Check.that(input >= 0, "input must not be negative, was %d", input);
    Check.that(output >= 0, "output must not be negative, was %d", output);
  }

  long total() {
    return input + output;
  }
}
